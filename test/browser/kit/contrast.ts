import type { Dialog } from './dialog.js';

/** Run in the page. */
const MEASURE = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour) => {
    const [r, g, b] = rgba(colour).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return rgba(colour)[3] > 0 || !element.parentElement ? colour : behind(element.parentElement);
  };
  const hasOwnText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  return [...document.querySelectorAll('.red-ui-tray:last-child .pace-bms *')]
    .filter((element) => hasOwnText(element) && element.checkVisibility() && !element.matches('option, button, button *'))
    .map((element) => {
      const [high, low] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => b - a);
      return [element.textContent.trim().slice(0, 60), (high + 0.05) / (low + 0.05)];
    });
})()`;

/** The texts of the dialog, each with its contrast to what is behind it, from 1 (none) to 21. */
export const contrastsIn = ({ page }: Dialog): Promise<[text: string, contrast: number][]> => page.evaluate(MEASURE);
