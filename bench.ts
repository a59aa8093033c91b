import { toHtml } from './src/report/html/page.ts';
import { summarize } from './src/report/summary.ts';
const n=Number(process.argv[2]);
const series=Array.from({length:n},(_,i)=>['wasm','ts','noop'].map((implementation)=>({workload:'w'+i%7,params:{sizeBytes:i,},implementation,runtime:'node 26',build:'b',evidence:'measured',fork:0,block:i,phase:'steady',tier:'turbofan',checksum:'0badcafe',payloadBytesPerOp:8,trafficBytesPerOp:8,round:[0,1,2],durationNs:[100+i%9,102,101],operations:[10,10,10]}))).flat();
const samples:any={schema:'barometer/samples/1',createdAt:'2026-11-22T15:30:12.000Z',settings:{seed:1,device:'d',policy:'strict',suite:'default',budgetMs:1},fingerprint:{cpuModel:'x',coreCount:2},series,unavailable:[]};
let t=performance.now(); const s=summarize(samples); console.log(n,'summarize',(performance.now()-t)|0);
t=performance.now(); const h=toHtml([{conditions:{},samples,summary:s} as any]); console.log('html',(performance.now()-t)|0,h.length);
for (const m of h.split('<h3>').slice(1)) console.log('  ',m.slice(0,30).split('<')[0],m.length);
