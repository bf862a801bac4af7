// The editor of cells, which a page loads at the first edit.
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, drawSelection, EditorView, keymap, type DecorationSet } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { LiveScripts } from '../page/scripts';

declare const layerwiseLive: LiveScripts;

/** The colors of the page. */
const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--number)' },
  { tag: tags.comment, color: 'var(--comment)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.className], color: 'var(--type)' },
]);

const theme = EditorView.theme({
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--mark)' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
});

const markLine = StateEffect.define<number | undefined>();
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (before, { docChanged, changes, effects, state }) => {
    const effect = effects.findLast((one) => one.is(markLine));
    if (!effect?.is(markLine)) return docChanged ? before.map(changes) : before;
    const line = effect.value;
    if (line === undefined || line < 1 || line > state.doc.lines) return Decoration.none;
    return Decoration.set([Decoration.line({ class: 'live-marked' }).range(state.doc.line(line).from)]);
  },
  provide: (field) => EditorView.decorations.from(field),
});

layerwiseLive.editor(({ place, text, label, onChange, onRun }) => {
  const run = (): boolean => {
    onRun();
    return true;
  };
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: text,
      extensions: [
        // Esc, then Tab leaves the editor.
        keymap.of([
          { key: 'Shift-Enter', run },
          { key: 'Mod-Enter', run },
          indentWithTab,
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of('  '),
        bracketMatching(),
        javascript({ typescript: true }),
        syntaxHighlighting(colors),
        theme,
        marked,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) onChange(state.doc.toString());
        }),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    close: () => view.destroy(),
    mark: (line) => view.dispatch({ effects: markLine.of(line) }),
  };
});
