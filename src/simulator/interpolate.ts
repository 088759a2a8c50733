/** Points of a curve as [x, y], with x rising. */
export type Curve = readonly (readonly [x: number, y: number])[];

/** The curve's y at `x`, straight lines between the points; beyond its ends the y of the end. */
export function interpolate(curve: Curve, x: number): number {
  let [leftX, leftY] = curve[0] as readonly [number, number];
  if (x <= leftX) return leftY;
  for (const [rightX, rightY] of curve) {
    if (x <= rightX) return leftY + ((rightY - leftY) * (x - leftX)) / (rightX - leftX);
    leftX = rightX;
    leftY = rightY;
  }
  return leftY;
}
