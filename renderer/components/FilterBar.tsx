// The filter of a list: tokens that can be typed, chosen and taken back, all by keyboard.
import { Combobox, useCombobox } from '@mantine/core';
import { IconFilter, IconX } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useAction } from './actions.tsx';
import { formatFilter, merge, parseFilter, parseToken, suggest, valueLabel, type FilterField, type FilterValue } from './filter.ts';
import styles from './FilterBar.module.css';

export interface FilterBarProps {
  /** For a screen reader: "Filter tasks". */
  label: string;
  fields: readonly FilterField[];
  value: FilterValue;
  onChange(value: FilterValue): void;
  /** At the right end: "1,284 tasks". */
  aside?: ReactNode;
  placeholder?: string;
}

/** Free words are taken after a short pause; a token at the space, at Enter, or when it is chosen. */
const PAUSE_MS = 250;

export function FilterBar({ label, fields, value, onChange, aside, placeholder = 'Add a filter, or search…' }: FilterBarProps) {
  const [draft, setDraft] = useState(value.q ?? '');
  const input = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const known = useRef(value.q ?? '');
  // The route may bring other words (back, a saved view): then they stand in the field.
  useEffect(() => {
    if ((value.q ?? '') === known.current) return;
    known.current = value.q ?? '';
    setDraft(known.current);
  }, [value.q]);

  useAction('list.filter', () => input.current?.focus());

  const lastBlank = draft.lastIndexOf(' ');
  const typing = draft.slice(lastBlank + 1);
  const suggestions = suggest(typing, fields, value);

  const send = (next: FilterValue): void => {
    known.current = next.q ?? '';
    onChange(next);
  };
  const take = (text: string): void => {
    const parsed = parseFilter(text, fields);
    const next: FilterValue = { ...value, q: parsed.q };
    for (const field of fields) {
      const added = parsed[field.key];
      if (added !== undefined) next[field.key] = field.multiple ? merge(value[field.key], added) : added;
    }
    setDraft(parsed.q ?? '');
    send(next);
  };
  const remove = (key: string): void => {
    send({ ...value, [key]: undefined });
    input.current?.focus();
  };

  const sendWords = useEffectEvent((text: string) => send({ ...value, q: text === '' ? undefined : text }));
  const unfinished = fields.some((field) => typing.startsWith(`${field.key}:`));
  useEffect(() => {
    if (unfinished || draft.trim() === known.current) return;
    const timer = setTimeout(() => sendWords(draft.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, unfinished]);

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === ' ' && parseToken(typing, fields) !== null && !typing.includes('"')) {
      event.preventDefault();
      take(draft);
    } else if (event.key === 'Enter' && !(combobox.dropdownOpened && combobox.getSelectedOptionIndex() >= 0)) {
      take(draft);
      combobox.closeDropdown();
    } else if (event.key === 'Escape' && (combobox.dropdownOpened || draft !== '')) {
      event.preventDefault();
      if (combobox.dropdownOpened) combobox.closeDropdown();
      else take('');
    } else if (event.key === 'Backspace' && draft === '') {
      const last = fields.findLast((field) => value[field.key]);
      if (!last) return;
      event.preventDefault();
      setDraft(formatFilter({ [last.key]: value[last.key] }, [last]));
      send({ ...value, [last.key]: undefined });
    }
  };
  const choose = (text: string): void => {
    const chosen = suggestions.find((suggestion) => suggestion.text === text);
    const next = draft.slice(0, lastBlank + 1) + text;
    if (chosen?.complete) take(next);
    else setDraft(next);
    combobox.resetSelectedOption();
    input.current?.focus();
  };

  const tokens = fields.filter((field) => value[field.key]);
  const hint = tokens.length > 0 ? 'Add a filter…' : placeholder;
  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal width={300} position="bottom-start" offset={4}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a click beside the words is one into them */}
      <div className={styles.bar} role="search" aria-label={label} onMouseDown={(event) => focusInput(event, input.current)}>
        <IconFilter size={14} className={styles.icon} aria-hidden />
        {tokens.map((field) => (
          <span key={field.key} className={styles.token}>
            <span className="ellipsis" title={`${field.label}: ${valueLabel(field, value[field.key] ?? '')}`}>
              <b>{field.key}:</b>
              {valueLabel(field, value[field.key] ?? '')}
            </span>
            <button type="button" aria-label={`Remove the filter ${field.label}`} onClick={() => remove(field.key)}>
              <IconX size={11} />
            </button>
          </span>
        ))}
        <Combobox.Target>
          <input
            ref={input}
            className={styles.input}
            aria-label={label}
            placeholder={hint}
            title={draft === '' ? hint : undefined}
            value={draft}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => {
              setDraft(event.currentTarget.value);
              combobox.openDropdown();
              combobox.resetSelectedOption();
            }}
            onFocus={() => combobox.openDropdown()}
            onClick={() => combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
            onKeyDown={onKeyDown}
          />
        </Combobox.Target>
        {aside && <span className={styles.aside}>{aside}</span>}
      </div>
      <Combobox.Dropdown hidden={suggestions.length === 0}>
        <Combobox.Options aria-label={`${label}, suggestions`}>
          {suggestions.map((suggestion) => (
            <Combobox.Option key={suggestion.text} value={suggestion.text}>
              <span className={styles.option}>
                <span>{suggestion.label}</span>
                {!suggestion.complete && <span className="mono">{suggestion.text}</span>}
              </span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function focusInput(event: { target: EventTarget; preventDefault(): void }, input: HTMLInputElement | null): void {
  if ((event.target as HTMLElement).closest('button, input')) return;
  event.preventDefault();
  input?.focus();
}
