// Figures as plotly specs: one function a kind, one theme. Show one with `show` of layerwise/display.
export { animation, type AnimationOptions } from './animation';
export { bar, type BarOptions } from './bar';
export { boxes, type Box, type BoxesOptions } from './boxes';
export { confusionMatrix, type ConfusionMatrixOptions } from './confusion-matrix';
export { contour, onGrid, type ContourOptions, type GridFunction } from './contour';
export { decisionBoundary, type DecisionBoundaryOptions } from './decision-boundary';
export { diagram, type DiagramOptions } from './diagram';
export { explore, type Controls, type Explorer, type ValuesOf } from './explore';
export { choice, point, slider, toggle, type Control, type PointOptions, type SliderOptions } from './explore-controls';
export { Figure, type AxesText, type AxisScales, type FigureText, type Spec } from './figure';
export { heatmap, type HeatmapOptions } from './heatmap';
export { histogram, type HistogramOptions } from './histogram';
export { imageGrid, type ImageGridOptions } from './image-grid';
export {
  learningCurve,
  liveCurve,
  type LearningCurveOptions,
  type LiveCurve,
  type LiveCurveOptions,
} from './learning-curve';
export { line, type LineOptions, type Series } from './line';
export { overlay, type OverlayOptions } from './overlay';
export { scatter, type ScatterOptions } from './scatter';
export { surface, type SurfaceOptions } from './surface';
export { palettes, setTheme, type Theme } from './theme';
