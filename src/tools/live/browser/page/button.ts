/** A button of what runs in the page; its label says what it belongs to. */
export function button(text: string, label: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'live-button';
  made.textContent = text;
  made.setAttribute('aria-label', label);
  return made;
}
