#!/usr/bin/env python3
import sys,re,csv,io,os
from decimal import Decimal
OUT='/work/wt/held2/transforms/bulletin/testdata/held'
os.makedirs(OUT,exist_ok=True)
ST={'S':'signed','O':'started','P':'commissioned','T':'total','G':'on_target'}
ME={'n':'projects','i':'investment','y':'annual_output','a':'actual_output','r':'representative_projects','c':'contracted_inflow','sr':'start_rate','cr':'commission_rate','tr':'target_rate'}
TO={'ssc':'signed+started+commissioned','ss':'signed+started'}
MUL={'亿元':10**8,'億元':10**8,'万元':10**4,'万亿元':10**12,'billion yuan':10**9,'million yuan':10**6,'个':1,'项':1,'個':1,'項':1,'projects':1}
def num(fig):
    ap='true' if fig.startswith('~') else ''
    m=re.match(r'~?([\d.]+)\s*(.*)$',fig); v=Decimal(m[1]); u=m[2]
    if u=='%': v=v/100
    else: v=v*MUL[u]
    s=format(v,'f')
    if '.' in s: s=s.rstrip('0').rstrip('.')
    return s,u,ap
def row(l):
    b=io.StringIO(); csv.writer(b,lineterminator='').writerow(l); return b.getvalue()
for f in sys.argv[1:]:
  for spec in re.split(r'^== ',open(f,encoding='utf-8').read(),flags=re.M)[1:]:
    name,rest=spec.split('\n',1); name=name.strip()
    parts=re.split(r'^-- (\w+) --\n',rest,flags=re.M)
    head=dict((a.strip(),b.strip()) for a,b in (l.split(':',1) for l in parts[0].strip().splitlines()))
    secs=dict(zip(parts[1::2],parts[2::2])); text=secs['text'].strip('\n')+'\n'
    o=[f"campaign: {head['campaign']}",f"published: {head['published']}",f"phenomena: {head['phenomena']}",'-- text --',text.rstrip('\n'),'-- claims.csv --',
       'round,area_id,stage,total_of,metric,method,universe,value,unit,approximate,period,period_from,period_to,review,quote']
    quotes=[]
    for l in secs.get('c','').strip().splitlines():
        p=l.split('|')
        area,st,me,fig,q=p[:5]; op=dict(x.split('=',1) for x in (p[5].split(';') if len(p)>5 and p[5] else []))
        area=area or head.get('area','')
        if area=='-': area=''
        v,u,ap=num(fig)
        per=op.get('period','round')
        rnd=op.get('round',head.get('round','')) if per=='round' else ''
        if rnd=='-': rnd=''
        meth=op.get('method',{'sr':'started/signed','cr':'commissioned/started','tr':'actual_output/annual_output'}.get(me,''))
        if q not in text: print(name,'QUOTE?',q)
        n=re.match(r'~?([\d.]+)',fig)[1]
        if n not in q and 'cn' not in op: print(name,'figure not in quote',fig,q)
        quotes.append(q)
        o.append(row([rnd,area,ST.get(st,st),TO.get(op.get('tot',''),op.get('tot','')),ME[me],meth,op.get('uni',''),v,u,ap,per,op.get('from',''),op.get('to',''),op.get('rev',''),q]))
    if 'p' in secs:
        o+=['-- projects.csv --','name,investor,area_id,stage,round,investment_cny,approximate']
        for l in secs['p'].strip().splitlines():
            p=l.split('|'); 
            if p[0] not in text: print(name,'PROJECT?',p[0])
            if p[1] and p[1] not in text: print(name,'INVESTOR?',p[1])
            v,u,ap=num(p[4]) if len(p)>4 and p[4] else ('','','')
            r=p[5] if len(p)>5 else head.get('round','')
            if r=='-': r=''
            a='' if p[2]=='-' else (p[2] or head.get('area',''))
            o.append(row([p[0],p[1],a,ST[p[3]],r,v,ap]))
    open(f'{OUT}/{name}.txtar','w',encoding='utf-8').write('\n'.join(o)+'\n')
    # figures not covered by any quote
    t=text
    for q in sorted(set(quotes),key=len,reverse=True): t=t.replace(q,'▮')
    rest=re.findall(r'.{0,14}(?:[\d.]+|[一二三四五六七八九十百]+)(?:余|多)?(?:个|個|项|項|亿|億|万|%|家|billion).{0,6}',t)
    print(name,'| left:',' ／ '.join(rest))
