// A point to drag in JupyterLab: an anywidget, whose front end is the text of a module.

/** The widget's module. Its model has `label`, `x` and `y` (from, to) and `value` (x, y). */
const MODULE = `
const SIZE = 220;
const svg = (name, attributes) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
};
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
export default {
  render({ model, el }) {
    const ends = [model.get('x'), model.get('y')];
    const pad = svg('svg', { width: SIZE, height: SIZE, class: 'layerwise-pad' });
    const point = svg('circle', { r: 8, tabindex: 0, role: 'application' });
    const words = document.createElement('div');
    const part = (value, axis) => (value - ends[axis][0]) / (ends[axis][1] - ends[axis][0]);
    const draw = () => {
      const [x, y] = model.get('value');
      point.setAttribute('cx', part(x, 0) * SIZE);
      point.setAttribute('cy', (1 - part(y, 1)) * SIZE);
      words.textContent = model.get('label') + ' (' + x.toPrecision(3) + ', ' + y.toPrecision(3) + ')';
      point.setAttribute('aria-label', words.textContent + '; arrow keys move it');
    };
    const put = (parts) => {
      const value = parts.map((at, axis) => {
        const [from, to] = ends[axis];
        return from + (Math.round(100 * Math.min(1, Math.max(0, at))) / 100) * (to - from);
      });
      model.set('value', value);
      model.save_changes();
    };
    const follow = (event) => {
      const area = pad.getBoundingClientRect();
      put([(event.clientX - area.left) / SIZE, 1 - (event.clientY - area.top) / SIZE]);
    };
    pad.addEventListener('pointerdown', (event) => {
      pad.setPointerCapture(event.pointerId);
      follow(event);
    });
    pad.addEventListener('pointermove', (event) => {
      if (pad.hasPointerCapture(event.pointerId)) follow(event);
    });
    point.addEventListener('keydown', (event) => {
      const step = KEYS[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      put(model.get('value').map((value, axis) => part(value, axis) + step[axis] / 100));
    });
    for (const [axis, [from, to]] of ends.entries()) {
      if (from >= 0 || to <= 0) continue;
      const at = axis === 0 ? part(0, 0) * SIZE : (1 - part(0, 1)) * SIZE;
      pad.append(svg('line', axis === 0 ? { x1: at, x2: at, y1: 0, y2: SIZE } : { x1: 0, x2: SIZE, y1: at, y2: at }));
    }
    pad.append(point);
    el.append(words, pad);
    draw();
    model.on('change:value', draw);
    return () => model.off('change:value', draw);
  },
};
`;
const STYLE = `
.layerwise-pad { outline: 1px solid var(--jp-border-color1, #999); touch-action: none; cursor: crosshair; }
.layerwise-pad line { stroke: var(--jp-border-color2, #bbb); }
.layerwise-pad circle { fill: var(--jp-brand-color1, #1976d2); }
.layerwise-pad circle:focus-visible { outline: 2px solid currentcolor; }
`;

/** The front end's extension that draws it. */
export const POINT_EXTENSION = 'anywidget';

/** What its model says besides what it shows. */
export const POINT_STATE = { _anywidget_id: 'layerwise.point', _esm: MODULE, _css: STYLE };
