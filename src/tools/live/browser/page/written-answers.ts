/** An answer in words: its cell, what it takes the place of there, and where it is written. */
export interface WrittenAnswer {
  readonly id: string;
  readonly stub: string;
  readonly field: HTMLTextAreaElement;
}

/**
 * Makes fields of the cells for answers in words.
 *
 * @param onChange told what is written; answers with what is wrong, where it can't be kept.
 */
export function writtenAnswers(
  article: HTMLElement,
  onChange: (id: string, text: string | undefined) => string | undefined,
): WrittenAnswer[] {
  return [...article.querySelectorAll<HTMLElement>('[data-written]')].map((section, i) => {
    const field = document.createElement('textarea');
    field.className = 'live-answer';
    field.rows = 6;
    field.setAttribute('aria-label', `Your answer ${i + 1} in words`);
    field.placeholder = 'Your answer here.';
    const status = document.createElement('p');
    status.className = 'live-status';
    status.setAttribute('role', 'status');
    field.addEventListener('input', () => {
      status.textContent = onChange(section.id, field.value === '' ? undefined : field.value) ?? '';
    });
    section.replaceChildren(field, status);
    return { id: section.id, stub: section.dataset.written ?? '', field };
  });
}
