export interface KnownAnswer {
  readonly exercise: string;
  readonly kind: 'wrong' | 'slow' | 'mistake' | 'unusual';
  readonly name?: string;
  readonly points?: number;
  readonly code: string;
}
export function knownAnswers(chapter: string): KnownAnswer[];
export function answersOf(chapter: string, exercise: string): KnownAnswer[];
export function answersIn(text: string, file: string): KnownAnswer[];
