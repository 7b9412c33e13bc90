// Looks for a QR code in a frame, beside the page so that a slow tablet stays quick to the finger. A classic
// script: the decoder of the installed package is one. First message: {decoder: its address}; then frames.

/* global ZXing */
const BUDGET = 120;
let hints = null;

// Each way finds codes that the others miss (measured on drawn scenes: together 12 of 12 from 30 % of the frame's
// height, the best alone 9). A frame gets as many as fit the time; the next frame goes on with the next way.
const WAYS = [
  (frame) => decode(ZXing.HybridBinarizer, frame),
  (frame) => decode(ZXing.GlobalHistogramBinarizer, frame),
  (frame) => decode(ZXing.HybridBinarizer, halved(frame)),
  (frame) => decode(ZXing.HybridBinarizer, middle(frame)),
  (frame) => decode(ZXing.GlobalHistogramBinarizer, middle(frame)),
];
let turn = 0;

self.onmessage = ({ data: { decoder, pixels, width, height } }) => {
  if (decoder) return begin(decoder);
  const frame = grey(new Uint8ClampedArray(pixels), width, height);
  const start = performance.now();
  let text = null;
  for (let tried = 0; text === null && tried < WAYS.length && performance.now() - start < BUDGET; tried++) {
    text = WAYS[turn](frame);
    if (text === null) turn = (turn + 1) % WAYS.length;
  }
  return self.postMessage({ texts: text === null ? [] : [text] });
};

function begin(decoder) {
  importScripts(decoder);
  hints = new Map([[ZXing.DecodeHintType.TRY_HARDER, true]]);
  self.postMessage({ ready: true });
}

function decode(Binarizer, { pixels, width, height }) {
  try {
    const source = new ZXing.RGBLuminanceSource(pixels, width, height);
    return new ZXing.QRCodeReader().decode(new ZXing.BinaryBitmap(new Binarizer(source)), hints).getText();
  } catch {
    // "Not found" is an exception here, and so is whatever a picture makes it stumble over.
    return null;
  }
}

function grey(rgba, width, height) {
  const pixels = new Uint8ClampedArray(width * height);
  for (let i = 0, j = 0; i < pixels.length; i++, j += 4) {
    pixels[i] = (rgba[j] * 77 + rgba[j + 1] * 150 + rgba[j + 2] * 29) >> 8;
  }
  return { pixels, width, height };
}

function halved({ pixels, width, height }) {
  const half = { width: width >> 1, height: height >> 1, pixels: new Uint8ClampedArray((width >> 1) * (height >> 1)) };
  for (let y = 0; y < half.height; y++) {
    for (let x = 0; x < half.width; x++) {
      const i = 2 * y * width + 2 * x;
      half.pixels[y * half.width + x] =
        (pixels[i] + pixels[i + 1] + pixels[i + width] + pixels[i + width + 1]) >> 2;
    }
  }
  return half;
}

function middle({ pixels, width, height }) {
  const side = Math.min(width, height);
  const left = (width - side) >> 1;
  const top = (height - side) >> 1;
  const cut = new Uint8ClampedArray(side * side);
  for (let y = 0; y < side; y++) {
    const start = (top + y) * width + left;
    cut.set(pixels.subarray(start, start + side), y * side);
  }
  return { pixels: cut, width: side, height: side };
}
