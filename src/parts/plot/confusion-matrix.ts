import { type Figure, type FigureText } from './figure';
import { heatmap } from './heatmap';

export interface ConfusionMatrixOptions extends FigureText {
  /** How often class `row` was taken for class `column`, `[classes][classes]`. */
  readonly counts: ReadonlyArray<readonly number[]>;
  readonly classNames: readonly string[];
}

/** Which class is taken for which: true classes in rows, predicted ones in columns. */
export function confusionMatrix(options: ConfusionMatrixOptions): Figure {
  const { counts, classNames } = options;
  if (counts.length !== classNames.length || counts.some((row) => row.length !== classNames.length)) {
    throw new RangeError(
      `confusionMatrix: expected ${classNames.length}×${classNames.length} counts for the classes ${classNames.join(', ')}, got ${counts.length}×${counts[0]?.length ?? 0}`,
    );
  }
  return heatmap({
    ...options,
    values: counts,
    xLabel: 'predicted class',
    yLabel: 'true class',
    xTicks: classNames,
    yTicks: classNames,
    colorLabel: 'count',
    showValues: true,
  });
}
