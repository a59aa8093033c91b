/**
 * Grace Hopper with 120 GB of LPDDR5X and 96 GB of HBM3, the part that source F measured. Keys of sources are those of
 * ../published/sources.ts. What is fitted is what `coherence calibrate` writes with seed 1; what else is calibrated was
 * worked out by hand, as each line shows. Cells that either names are no test of it.
 */
export const GH200_120GB = `barometer/coherence-profile/1 gh200-120gb
split 1cc43c5f0deea4c850310008bd7c68ce54f72efdbc21fa0399f393bb9e2e10e7

# The CPU and its memory
cpu-cores                 72        count  published   CC, text
cpu-issue                 0.3       ns     assumed     one access a cycle at about 3.3 GHz
cpu-stream-issue          1.485     ns     calibrated  fitted to one-thread-write.grace.lpddr; seed 1
cpu-l1-size               64        KiB    published   F, text
cpu-l1-ways               4         count  assumed     no source at hand
cpu-l1-hit                1.2       ns     published   F, read off a figure
cpu-l2-size               1         MiB    published   F, text
cpu-l2-ways               8         count  assumed     no source at hand
cpu-l2-hit                3.4       ns     published   F, read off a figure
cpu-outstanding-reads     63        lines  calibrated  fitted to one-thread-read.grace.lpddr; seed 1
cpu-outstanding-writes    114       lines  assumed     43.1 GB/s x 170.0 ns / 64 B, were each on its way for as long as a read
cpu-fabric-hop            19.006    ns     calibrated  fitted to chase.grace.l3, chase.grace.lpddr, one-thread-read.grace.lpddr; seed 1
l3-size                   119537664 B      published   F, text: 114 MiB
l3-ways                   12        count  assumed     no source at hand
cpu-home-slices           64        count  assumed     enough to be no bottleneck beside LPDDR
cpu-home-occupancy        1         ns     assumed     enough to be no bottleneck beside LPDDR
cpu-atomic-latency        124.2     ns     calibrated  pingpong.lpddr.hopper-hopper: 810.2 ns, less 145 and the link's 541
cpu-atomic-occupancy      5         ns     assumed     no source at hand
lpddr-latency             132.215   ns     calibrated  fitted to chase.grace.lpddr, chase.hopper.lpddr, one-thread-read.grace.lpddr; seed 1
lpddr-channels            32        count  assumed     512 bits in channels of 16
lpddr-read-service        4.976     ns     calibrated  fitted to read.grace.lpddr, read.hopper.lpddr; seed 1
lpddr-write-service       4.421     ns     calibrated  fitted to write.grace.lpddr; seed 1

# The GPU and its memory
gpu-sms                   132       count  assumed     as the H100 SXM has; no source at hand
gpu-issue                 0.6       ns     assumed     64 bytes a cycle at about 1.7 GHz
gpu-l1-size               208       KiB    published   F, text: what of 256 KiB is usable as L1
gpu-l1-ways               4         count  assumed     no source at hand
gpu-l1-hit                25.5      ns     published   F, middle of 22 to 29 read off a figure
gpu-outstanding-reads     1024      lines  assumed     a block of 1024 threads, 16 bytes each in flight four times
gpu-outstanding-writes    1024      lines  assumed     as reads
gpu-fabric-hop            72.499    ns     calibrated  fitted to chase.hopper.l2, chase.hopper.hbm, chase.hopper.lpddr; seed 1
l2-size                   50        MiB    published   F, text
l2-ways                   16        count  assumed     no source at hand
gpu-home-slices           96        count  assumed     enough to be no bottleneck beside HBM
gpu-home-occupancy        0.8       ns     assumed     enough to be no bottleneck beside HBM
gpu-atomic-latency        182.9     ns     calibrated  pingpong.hbm.hopper-hopper: 327.9 ns, less 145
gpu-atomic-occupancy      5         ns     assumed     no source at hand
hbm-latency               199.232   ns     calibrated  fitted to chase.hopper.hbm; seed 1
hbm-channels              96        count  assumed     6144 bits (CC) in channels of 64
hbm-read-service          1.619     ns     calibrated  fitted to read.hopper.hbm; seed 1
hbm-write-service         1.654     ns     calibrated  fitted to write.hopper.hbm; seed 1

# The link between them
link-rate                 450       GB/s   published   CC, text: raw rate, each direction
link-propagation          270.262   ns     calibrated  fitted to chase.hopper.lpddr; seed 1
link-overhead-read-data   5         B      calibrated  read.hopper.lpddr: 64 B x (450 / 420.23 - 1)
link-overhead-write-data  12        B      calibrated  fitted to write.hopper.lpddr; seed 1
link-overhead-request     16        B      assumed     no source at hand
link-overhead-response    8         B      assumed     no source at hand
far-lpddr-extra           0         ns     assumed     F shows 614 ns up to 1 MiB and 816 beyond, unexplained; all of it is in link-propagation

# What it can do
cpu-caches-device-memory  1         flag   published   NV-C, text, of the generation that follows; F infers it here
cpu-atomics-far           1         flag   calibrated  pingpong.hbm.grace-hopper: taking the line each way would be 1400 to 1500 ns
gpu-atomics-to-host       1         flag   published   B and F, text
cpu-atomics-to-device     1         flag   published   B and F, text
`;
