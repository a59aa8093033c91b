/** What the package exports, read from its declarations by API Extractor: a report to accept, and a page to read. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/** From dist/src/library/, and from src/library/. */
const ROOT = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url),
);

export interface ExtractedApi {
  /** Markdown, one signature a line: `barometer.api.md`. */
  readonly report: string;
  readonly members: readonly ApiMember[];
  /** What API Extractor finds wrong. */
  readonly faults: readonly string[];
}

/** An export, or a member of one. */
export interface ApiMember {
  readonly kind: string;
  readonly name: string;
  readonly signature: string;
  /** The comment's text, without its marks; empty where there is none. */
  readonly comment: string;
  readonly members: readonly ApiMember[];
}

/** @param folder for files that are needed on the way */
export function extractApi(folder: string): ExtractedApi {
  const faults: string[] = [];
  const model = join(folder, 'barometer.api.json');
  Extractor.invoke(configuration(folder, model), {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) faults.push(message.text);
    },
  });
  const { members } = JSON.parse(readFileSync(model, 'utf8')) as ModelItem;
  return {
    report: readFileSync(join(folder, 'barometer.api.md'), 'utf8'),
    members: members![0]!.members!.map(memberOf),
    faults,
  };
}

function configuration(folder: string, apiJsonFilePath: string): ExtractorConfig {
  const tsconfigFilePath = join(folder, 'tsconfig.json');
  const declarations = join(ROOT, 'dist/src/index.d.ts');
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  writeFileSync(tsconfigFilePath, JSON.stringify({ compilerOptions, files: [declarations] }));
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, 'package.json'),
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: declarations,
      compiler: { tsconfigFilePath },
      apiReport: {
        enabled: true,
        reportFileName: 'barometer',
        reportFolder: folder,
        reportTempFolder: folder,
      },
      docModel: { enabled: true, apiJsonFilePath },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' as ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: 'none' as ExtractorLogLevel.None },
          // Types that can be reached and not imported stand in the report.
          'ae-forgotten-export': { logLevel: 'none' as ExtractorLogLevel.None, addToApiReportFile: true },
        },
      },
    },
  });
}

/** As API Extractor writes it. */
interface ModelItem {
  readonly kind: string;
  readonly name?: string;
  readonly docComment?: string;
  readonly excerptTokens?: readonly { readonly text: string }[];
  readonly members?: readonly ModelItem[];
}

function memberOf({ kind, name, docComment, excerptTokens, members }: ModelItem): ApiMember {
  return {
    kind,
    name: name ?? '',
    signature: (excerptTokens ?? [])
      .map(({ text }) => text)
      .join('')
      .trim(),
    comment: plainComment(docComment ?? ''),
    members: (members ?? []).map(memberOf),
  };
}

function plainComment(comment: string): string {
  return comment
    .trim()
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}

const TAGS: readonly (readonly [tag: RegExp, replacement: string])[] = [
  [/^@param (\w+)\s+(?:- )?/gm, '- `$1`: '],
  [/^@returns\s+/gm, '- returns '],
  [/^@throws\s+/gm, '- throws '],
];

/** The page: functions and classes first, then values, then types; each with its signature and what is said of it. */
export function apiPage({ members }: Pick<ExtractedApi, 'members'>): string {
  const order = ['Function', 'Class', 'Variable', 'Interface', 'TypeAlias'];
  const place = ({ kind }: ApiMember) => (order.indexOf(kind) + order.length) % order.length;
  const sorted = members.toSorted((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
  const sections = sorted.map((member) => {
    const inner = member.members.map((one) => itemText(one, '###'));
    return [itemText(member, '##'), ...inner].join('\n\n');
  });
  return [
    "# barometer's library",
    "Generated from the sources. `import { … } from 'barometer'`; Node 22.15 or newer, ES modules.",
    ...sections,
    '',
  ].join('\n\n');
}

function itemText({ kind, name, signature, comment }: ApiMember, level: string): string {
  const text = TAGS.reduce((all, [tag, replacement]) => all.replace(tag, replacement), comment);
  const heading = `${level} ${name === '' ? kind.toLowerCase() : `\`${name}\``}`;
  return [heading, `\`\`\`ts\n${signature}\n\`\`\``, ...(text === '' ? [] : [text])].join('\n\n');
}
