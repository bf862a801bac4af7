import type { GridFunction } from './contour';
import { axis, checkGrid, makeFigure, type AxesText, type Figure } from './figure';
import { SEQUENTIAL, seriesColor } from './theme';

export interface SurfaceOptions extends AxesText {
  readonly zLabel: string;
  readonly grid: GridFunction;
  /** A path on the surface, for example the steps of a descent. */
  readonly path?: {
    readonly name: string;
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly z: readonly number[];
  };
}

/** A function of two numbers as a surface that can be turned. */
export function surface(options: SurfaceOptions): Figure {
  const { grid, path } = options;
  checkGrid('surface', grid.z);
  const data = [
    {
      type: 'surface',
      x: grid.x,
      y: grid.y,
      z: grid.z,
      colorscale: SEQUENTIAL,
      colorbar: { title: { text: options.zLabel, side: 'right' }, thickness: 14 },
      opacity: path ? 0.85 : 1,
    },
    ...(path
      ? [
          {
            type: 'scatter3d',
            mode: 'lines+markers',
            name: path.name,
            x: path.x,
            y: path.y,
            z: path.z,
            line: { color: seriesColor(1), width: 5 },
            marker: { size: 3, color: seriesColor(1) },
          },
        ]
      : []),
  ];
  const scene = {
    xaxis: axis('surface', 'xLabel', options.xLabel),
    yaxis: axis('surface', 'yLabel', options.yLabel),
    zaxis: axis('surface', 'zLabel', options.zLabel),
    aspectmode: 'cube',
    camera: { eye: { x: 1.5, y: -1.7, z: 1 }, center: { x: 0, y: 0, z: -0.1 } },
  };
  return makeFigure('surface', options, data, { scene, margin: { l: 10, r: 10, t: 60, b: 10 }, showlegend: false });
}
