/** Names of capability ids, in the words of `lspci` (PCI Code and ID Assignment Specification, sections 2 and 3). */

import { hex } from './quoted.ts';

const STANDARD_NAMES: readonly string[] = [
  'Null',
  'Power Management',
  'AGP',
  'Vital Product Data',
  'Slot Identification',
  'MSI',
  'CompactPCI hot-swap',
  'PCI-X',
  'HyperTransport',
  'Vendor Specific Information',
  'Debug port',
  'CompactPCI central resource control',
  'Hot-plug capable',
  'Subsystem',
  'AGP3',
  'Secure device',
  'Express',
  'MSI-X',
  'SATA HBA',
  'PCI Advanced Features',
  'Enhanced Allocation (EA)',
  'Flattening Portal Bridge (FPB)',
];

const EXTENDED_NAMES: readonly string[] = [
  'Null',
  'Advanced Error Reporting',
  'Virtual Channel',
  'Device Serial Number',
  'Power Budgeting',
  'Root Complex Link',
  'Root Complex Internal Link',
  'Root Complex Event Collector Endpoint Association',
  'Multi-Function Virtual Channel',
  'Virtual Channel (MFVC)',
  'Root Complex Register Block',
  'Vendor Specific Information',
  'Configuration Access Correlation',
  'Access Control Services',
  'Alternative Routing-ID Interpretation (ARI)',
  'Address Translation Service (ATS)',
  'Single Root I/O Virtualization (SR-IOV)',
  'Multi-Root I/O Virtualization (MR-IOV)',
  'Multicast',
  'Page Request Interface (PRI)',
  'Reserved for AMD',
  'Physical Resizable BAR',
  'Dynamic Power Allocation',
  'Transaction Processing Hints',
  'Latency Tolerance Reporting',
  'Secondary PCI Express',
  'Protocol Multiplexing',
  'Process Address Space ID (PASID)',
  'LN Requester',
  'Downstream Port Containment',
  'L1 PM Substates',
  'Precision Time Measurement',
  'PCI Express over M-PHY',
  'FRS Queueing',
  'Readiness Time Reporting',
  'Designated Vendor-Specific',
  'Virtual Resizable BAR',
  'Data Link Feature',
  'Physical Layer 16.0 GT/s',
  'Lane Margining at the Receiver',
  'Hierarchy ID',
  'Native PCIe Enclosure Management',
  'Physical Layer 32.0 GT/s',
  'Alternate Protocol',
  'System Firmware Intermediary',
  'Shadow Functions',
  'Data Object Exchange',
  'Device 3',
  'Integrity and Data Encryption',
  'Physical Layer 64.0 GT/s',
  'Flit Logging',
  'Flit Performance Measurement',
  'Flit Error Injection',
  'Streamlined Virtual Channel',
  'MMIO Register Block Locator',
];

/** `#1f` for an id without a name. */
export function capabilityName(id: number): string {
  return STANDARD_NAMES[id] ?? `#${hex(id, 2)}`;
}

/** `#0040` for an id without a name. */
export function extendedCapabilityName(id: number): string {
  return EXTENDED_NAMES[id] ?? `#${hex(id, 4)}`;
}
