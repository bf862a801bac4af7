import DOMPurify from 'dompurify';
import { ALLOWED_ATTRIBUTES, ALLOWED_STYLE, ALLOWED_STYLES, ALLOWED_TAGS } from '../../allowed-html';

/** Style sheets tell long names: `border-top` is several. */
const SAFE_STYLE = new RegExp(`^(?:${ALLOWED_STYLES.join('|')})(?:-|$)`);

DOMPurify.addHook('afterSanitizeAttributes', (element) => {
  if (!(element instanceof HTMLElement || element instanceof SVGElement)) return;
  for (const name of [...element.style])
    if (!SAFE_STYLE.test(name) || !ALLOWED_STYLE.test(element.style.getPropertyValue(name)))
      element.style.removeProperty(name);
  const allowed = [...ALLOWED_ATTRIBUTES['*'], ...(ALLOWED_ATTRIBUTES[element.localName] ?? [])];
  for (const { name } of [...element.attributes]) if (!allowed.includes(name)) element.removeAttribute(name);
  if (/^(?:img|audio)$/.test(element.localName) && !element.getAttribute('src')?.startsWith('data:'))
    element.removeAttribute('src');
});

/** The HTML of an output, with nothing in it that could act: whoever shared the cell may have made it. */
export const safeHtml = (html: string): DocumentFragment =>
  DOMPurify.sanitize(html, {
    ALLOWED_TAGS,
    ALLOWED_ATTR: [...new Set(Object.values(ALLOWED_ATTRIBUTES).flat())],
    // These, and what is no address: other attributes are tried by it, too.
    ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto):|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))/i,
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
