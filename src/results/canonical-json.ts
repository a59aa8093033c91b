/** JSON that is equal for equal data, whatever the order of fields. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(withSortedFields(value));
}

function withSortedFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(isObject) ? value.map(withSortedFields) : value;
  if (!isObject(value)) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, withSortedFields(field)]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
