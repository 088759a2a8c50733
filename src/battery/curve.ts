/** Points of a curve as [x, y], with x rising; two at least. */
export type Curve = readonly (readonly [x: number, y: number])[];

/** The curve's y at `x`, straight lines between the points; beyond its ends the y of the end. */
export function interpolate(curve: Curve, x: number): number {
  let left = 0;
  let right = curve.length - 1;
  while (right - left > 1) {
    const middle = (left + right) >> 1;
    if ((curve[middle] as Curve[number])[0] <= x) left = middle;
    else right = middle;
  }
  const [leftX, leftY] = curve[left] as Curve[number];
  const [rightX, rightY] = curve[right] as Curve[number];
  const share = Math.min(1, Math.max(0, (x - leftX) / (rightX - leftX)));
  return leftY + (rightY - leftY) * share;
}
