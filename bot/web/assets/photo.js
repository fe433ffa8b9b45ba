// Photos and documents before they are sent.

(function () {
	'use strict';

	const maxSide = 1600; // pixels

	function toBlob(dataURL) {
		const bytes = atob(dataURL.slice(dataURL.indexOf(',') + 1));
		const array = new Uint8Array(bytes.length);
		for (let i = 0; i < bytes.length; i++) array[i] = bytes.charCodeAt(i);
		return new Blob([array], { type: dataURL.slice(5, dataURL.indexOf(';')) });
	}

	function readFile(file) {
		return new Promise(function (resolve, reject) {
			const reader = new FileReader();
			reader.onload = function () { resolve(reader.result); };
			reader.onerror = reject;
			reader.readAsDataURL(file);
		});
	}

	// shrink makes a JPEG of at most maxSide of an image: small enough for a poor
	// line, and without the place where it was taken. An image this browser
	// cannot show is left to the server to judge.
	async function shrink(file) {
		const whole = await readFile(file);
		return new Promise(function (resolve) {
			const img = new Image();
			img.onerror = function () { resolve(whole); };
			img.onload = function () {
				const scale = Math.min(1, maxSide / Math.max(img.width, img.height));
				const canvas = document.createElement('canvas');
				canvas.width = Math.max(1, Math.round(img.width * scale));
				canvas.height = Math.max(1, Math.round(img.height * scale));
				const to = canvas.getContext('2d');
				to.fillStyle = '#fff';
				to.fillRect(0, 0, canvas.width, canvas.height);
				to.drawImage(img, 0, 0, canvas.width, canvas.height);
				resolve(canvas.toDataURL('image/jpeg', 0.85));
			};
			img.src = whole;
		});
	}

	window.photoTools = { shrink: shrink, readFile: readFile, toBlob: toBlob };
})();
