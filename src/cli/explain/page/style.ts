/** Light and dark. */
const palette = `
:root { color-scheme: light dark; --ink: #1b2430; --dim: #5d6b7a; --paper: #fff; --panel: #f4f6f8;
  --line: #9aa7b4; --box: #fff; --frame: #eef3f8; --on: #0b63ce; --good: #12783d; --bad: #c0262d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --dim: #9fb0c0; --paper: #11161c;
  --panel: #1a222b; --line: #5d6f80; --box: #1d2730; --frame: #161d25; --on: #6db3ff;
  --good: #5fd08c; --bad: #ff7b81; } }
`;

/** The picture's own. */
const picture = `
svg text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--ink); }
svg .title { font: 600 13px system-ui, sans-serif; }
.frame rect { fill: var(--frame); stroke: var(--line); stroke-dasharray: 5 4; }
.frame text { fill: var(--dim); }
.box rect { fill: var(--box); stroke: var(--ink); stroke-width: 1.2; }
.box { cursor: pointer; }
.arrow .line { fill: none; stroke: var(--line); stroke-width: 1.4; }
.arrow .reach { fill: none; stroke: transparent; stroke-width: 14; }
.arrow rect { fill: var(--panel); }
.arrow text { text-anchor: middle; font-size: 11px; fill: var(--dim); }
marker path { fill: context-stroke; }
svg :focus { outline: none; }
svg.some .arrow:not(.on), svg.some .box:not(.on) { opacity: .25; }
.arrow.on .line { stroke: var(--on); stroke-width: 2.4; }
.arrow.on text { fill: var(--on); font-weight: 600; }
.box.on rect { stroke: var(--on); stroke-width: 2.4; }
`;

/** The picture's style outside of a page. */
export const pictureStyle = palette + picture;

/** The page: on a screen, on a phone and on paper. */
export const style = `${palette}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.2rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .2rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
.dim { color: var(--dim); }
.picture { overflow-x: auto; margin: 1rem 0 0; }
svg { display: block; margin: 0 auto; height: auto; min-width: 30rem; max-width: 100%; }
${picture}
#flow { background: var(--panel); border-radius: 8px; padding: .7rem 1rem; min-height: 5.5rem;
  margin: .8rem 0 0; overflow-wrap: anywhere; }
#flow p { margin: 0; } #flow ul { margin: .3rem 0 0; padding-left: 1.2rem; }
ul.promises { list-style: none; padding: 0; margin: 0; }
.promises li { padding: .15rem 0 .15rem 1.6rem; text-indent: -1.6rem; }
.promises li::before { content: "✓"; color: var(--good); display: inline-block; width: 1.6rem; text-indent: 0; }
.promises li.broken::before { content: "✗"; color: var(--bad); }
.promises ul { text-indent: 0; color: var(--bad); font-size: .9rem; }
.promises ul li::before { content: none; }
.table { overflow-x: auto; } pre { white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid var(--panel); }
th { font-weight: 600; } td.ports { white-space: nowrap; } td.why { color: var(--dim); overflow-wrap: anywhere; min-width: 14rem; }
tr.on td { background: var(--panel); }
summary { cursor: pointer; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } #flow { display: none; }
  svg { max-width: 100%; min-width: 0; max-height: 22cm; } details::details-content { content-visibility: visible; }
  h2, tr { break-inside: avoid; } }
`;
