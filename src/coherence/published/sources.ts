/** Who published the figures, by the keys that cells and profiles name them by. */
export const SOURCES = {
  F: 'Fusco et al., arXiv 2408.11556, by the notebook of its authors: luigifusco/gh_benchmark at e5f13c8, src/paper.ipynb. Its last commit is four months older than version 2 of the paper, so a few cells may differ',
  'F-7fa7e21':
    'the same notebook at 7fa7e21; others quote a figure of its HBM ping-pong panel from version 2 of the paper',
  CC: "Chips and Cheese, Grace Hopper, Nvidia's Halfway APU, 2024-07-31",
  W: "Werner, Weisgut and Rabl, HCDS'25, abstract",
  S: 'Schieffer et al., arXiv 2407.07850, quoted by a news summary',
  B: "Bagchi et al., ISMM'26, DOI 10.1145/3814942.3816134",
  D: 'dnhkng/GH200_benchmarking, 2026-04-25: two GH200 with 480 GB each, CUDA 13.0',
  'NV-C': 'NVIDIA DGX Station development guide, Mixed Coherency Environment',
  'NV-T': 'NVIDIA Grace tuning guide, of the part with 120 GB',
  NVB: 'NVIDIA/nvbandwidth, issue 23',
} as const;

export type SourceKey = keyof typeof SOURCES;
