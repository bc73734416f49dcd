/** What `why-not` answers, for programs: the facts, and the words that a person gets. */
import type { Absence, Obstacle } from "../../absence/obstacle.ts";
import { showPath, type TargetPath } from "../../core/path.ts";
import { sayObstacle } from "../report/absence.ts";
import { placeJson } from "./why-json.ts";

export function absenceJson({ places, obstacles, nearest }: Absence): object {
  return {
    places: places.map(({ path, obstacles: own }) => {
      return { path: showPath(path), obstacles: own.map((one) => obstacleJson(one, path)) };
    }),
    obstacles: obstacles.map((one) => obstacleJson(one, null)),
    nearest,
  };
}

function obstacleJson(obstacle: Obstacle, path: TargetPath | null): object {
  const { headline, at, details, help } = sayObstacle(obstacle, path);
  return {
    kind: obstacle.kind,
    ...(obstacle.kind === "suspected" ? { code: obstacle.warning.code } : {}),
    message: headline,
    line: placeJson(at),
    details: details.map(([label, text]) => ({ label, text })),
    help: help === "" ? null : help,
  };
}
