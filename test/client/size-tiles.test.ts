/** The map of `size --html`: its tree, its tiles, and where arrow keys lead. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SizeData } from "../../src/client/size/data.ts";
import { filesOf, type Grouping, treeOf } from "../../src/client/size/model.ts";
import { nearestTile } from "../../src/client/size/nearest-tile.ts";
import { type Tile, tilesOf } from "../../src/client/size/tiles.ts";

const ROOM = { x: 0, y: 0, width: 900, height: 600 };

/** In /usr/lib and /usr/bin, in two layers, the second brought by a line alone. */
const DATA: SizeData = {
  name: "board",
  from: "recipe",
  compressed: "",
  directories: { names: ["", "usr", "lib", "bin"], parents: [0, 0, 1, 1] },
  layers: ["base", "tools"],
  lines: [
    { place: "board.yaml:4", text: "- object: /usr/bin/tool", own: 300, retained: 300, compressed: null },
  ],
  files: {
    names: ["libc.so.6", "empty", "tool"],
    directories: [2, 2, 3],
    sizes: [600, 0, 300],
    compressed: [60, 0, 100],
    layers: [0, 0, 1],
    nodes: [-1, -1, -1],
    lines: [-1, -1, 0],
  },
  nodes: { names: [], retained: [], comes: [] },
  references: [],
  suggestions: [],
};
const FILES = filesOf(DATA);

test("files have their paths, and parts what they hold", () => {
  assert.deepEqual(
    FILES.map(({ path }) => path),
    ["/usr/lib/libc.so.6", "/usr/lib/empty", "/usr/bin/tool"],
  );
  const namesBy = (grouping: Grouping) => {
    return treeOf(FILES, DATA, grouping, "size").children.map(({ name, weight }) => [name, weight]);
  };
  assert.deepEqual(namesBy("directory"), [["usr", 900]]);
  assert.deepEqual(namesBy("layer"), [
    ["base", 600],
    ["tools", 300],
  ]);
  assert.deepEqual(namesBy("line"), [
    ["several lines", 600],
    ["board.yaml:4 - object: /usr/bin/tool", 300],
  ]);
  assert.equal(treeOf(FILES, DATA, "directory", "compressed").weight, 160);
});

test("tiles show each file, by its weight, inside its group", () => {
  const tiles = tilesOf(treeOf(FILES, DATA, "directory", "size"), ROOM);
  const named = (label: string): Tile => tiles.find((tile) => tile.label === label)!;
  assert.deepEqual(tiles.map(({ kind }) => kind).sort(), ["file", "file", "group", "group", "group"]);
  const [lib, libc, tool] = [named("lib"), named("libc.so.6"), named("tool")];
  assert.ok(libc.rect.x >= lib.rect.x && libc.rect.y > lib.rect.y);
  const area = ({ rect }: Tile) => rect.width * rect.height;
  assert.ok(area(libc) / area(tool) > 1.7 && area(libc) / area(tool) < 2.3);
});

test("directories that hold one directory alone share its title, layers share none", () => {
  const labelsBy = (grouping: Grouping) => {
    const tiles = tilesOf(treeOf(FILES.slice(2), DATA, grouping, "size"), ROOM);
    return tiles.map(({ label }) => label);
  };
  assert.deepEqual(labelsBy("directory"), ["usr/bin", "tool"]);
  assert.deepEqual(labelsBy("layer"), ["tools", "usr/bin", "tool"]);
});

test("the number of tiles is bounded by the room, and a rest says how many it stands for", () => {
  const count = 50_000;
  const many: SizeData = {
    ...DATA,
    directories: { names: [""], parents: [0] },
    files: {
      names: Array.from({ length: count }, (_, at) => `file-${at}`),
      directories: new Array(count).fill(0),
      sizes: Array.from({ length: count }, (_, at) => (at < 10 ? 100_000 : 1)),
      compressed: new Array(count).fill(null),
      layers: new Array(count).fill(0),
      nodes: new Array(count).fill(-1),
      lines: new Array(count).fill(-1),
    },
  };
  const tiles = tilesOf(treeOf(filesOf(many), many, "directory", "size"), ROOM);
  assert.equal(tiles.length, 11);
  assert.equal(tiles.find(({ kind }) => kind === "block")!.rest, count - 10);
});

test("an arrow leads to what lies there, and nowhere at the edge", () => {
  const square = (x: number, y: number) => ({
    kind: "file" as const,
    rect: { x, y, width: 10, height: 10 },
  });
  const tiles = [square(0, 0), square(10, 0), square(0, 10), square(10, 10)];
  const from = (at: number) => {
    return ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"].map((key) => nearestTile(tiles, at, key));
  };
  assert.deepEqual(from(0), [1, null, 2, null]);
  assert.deepEqual(from(3), [null, 2, null, 1]);
  assert.deepEqual([nearestTile(tiles, 2, "Home"), nearestTile(tiles, 0, "End")], [0, 3]);
  assert.equal(nearestTile(tiles, 0, "a"), null);
});
