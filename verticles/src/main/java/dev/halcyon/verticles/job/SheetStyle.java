package dev.halcyon.verticles.job;

/** How a {@link ContactSheet} looks. */
final class SheetStyle {
  static final String CSS =
      """
      :root{--ground:#f6f6f4;--card:#fff;--ink:#1b1c1f;--soft:#6a6d75;--line:#e3e3df;--mark:#e4572e;--wave:#c9cac6}
      @media (prefers-color-scheme:dark){:root{--ground:#131417;--card:#1d1f24;--ink:#ececee;--soft:#9a9da6;--line:#2c2f36;--mark:#ff7a4d;--wave:#3b3e46}}
      *{box-sizing:border-box;margin:0}
      body{background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;padding:32px clamp(16px,4vw,56px) 64px}
      header,main{max-width:1360px;margin:0 auto}
      h1{font-size:26px;line-height:1.25;letter-spacing:-.01em;overflow-wrap:anywhere}
      header p{color:var(--soft);margin-top:4px}
      .strip{position:relative;height:56px;margin:20px 0 32px;background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:hidden}
      .strip svg{position:absolute;inset:6px 0;width:100%;height:44px}
      .strip path{fill:var(--wave)}
      .strip a{position:absolute;top:0;bottom:0;min-width:18px;background:color-mix(in srgb,var(--mark) 22%,transparent);border-left:2px solid var(--mark);color:var(--ink);font-weight:600;font-size:12px;padding:3px 5px;text-decoration:none}
      .strip a:hover,.strip a:focus-visible{background:color-mix(in srgb,var(--mark) 40%,transparent)}
      main{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));gap:24px}
      article{background:var(--card);border:1px solid var(--line);border-radius:14px;overflow:hidden;display:flex;align-items:stretch;scroll-margin-top:24px}
      article:target{border-color:var(--mark)}
      video{width:44%;height:auto;min-height:100%;max-height:560px;object-fit:contain;background:#000;flex:none;display:block}
      .text{padding:18px 18px 16px;min-width:0;flex:1;display:flex;flex-direction:column;gap:10px}
      h2{font-size:17px;line-height:1.3;overflow-wrap:anywhere}
      h2 span{display:inline-block;min-width:22px;margin-right:8px;padding:0 6px;border-radius:6px;background:var(--mark);color:#fff;font-size:13px;line-height:22px;text-align:center;vertical-align:2px}
      .when{color:var(--soft);font-variant-numeric:tabular-nums;font-size:13px}
      dl{display:grid;gap:4px}
      dl div{display:grid;grid-template-columns:76px 1fr;align-items:center;font-size:12px;color:var(--soft)}
      dd{display:flex;align-items:center;gap:8px;position:relative}
      dd::before{content:"";position:absolute;left:0;right:38px;height:5px;border-radius:3px;background:var(--line)}
      dd i{position:relative;height:5px;border-radius:3px;background:var(--mark);max-width:calc(100% - 38px)}
      dd b{margin-left:auto;font-weight:600;color:var(--ink);font-variant-numeric:tabular-nums;width:30px;text-align:right}
      .why{font-size:14px}
      blockquote{border-left:3px solid var(--line);padding-left:12px;color:var(--soft);font-size:14px;display:-webkit-box;-webkit-line-clamp:7;-webkit-box-orient:vertical;overflow:hidden}
      .tags{color:var(--mark);font-size:13px;overflow-wrap:anywhere}
      .files{margin-top:auto;padding-top:6px;font-size:13px;display:flex;flex-wrap:wrap;gap:4px 10px}
      .files a{color:var(--soft)}
      .files a:first-child{color:var(--ink);font-weight:600}
      .none{color:var(--soft)}
      @media (max-width:520px){article{flex-direction:column}video{width:100%}}
      """;

  private SheetStyle() {}
}
