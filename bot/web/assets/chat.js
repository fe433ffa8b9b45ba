// The chat page. What the person does is put in a queue that outlives the page
// and is posted until the server has stored it, always with the same id, so a
// repeated post is harmless. What is shown comes from the journal: each turn is
// shown once, in order; a message of our own stands below as waiting until its
// turn arrives. ES2017 and nothing to build: it runs in old Android WebViews.
(function () {
	'use strict';

	const words = document.body.dataset;
	const log = document.getElementById('log');
	const status = document.getElementById('status');
	const form = document.getElementById('form');
	const text = document.getElementById('text');
	const photo = document.getElementById('photo');
	const file = document.getElementById('file');

	const maxShown = 300;     // turns kept in the page
	const silence = 40000;    // ms without a beat: the line is dead (a beat comes every 15 s)
	const maxFile = 20 << 20; // bytes of a document
	const prefix = 'lensan.chat.';

	// --- showing ---

	function make(tag, className, content) {
		const e = document.createElement(tag);
		if (className) e.className = className;
		if (content) e.textContent = content;
		return e;
	}

	// bubble is an empty speech bubble; a screen reader hears who speaks.
	function bubble(who, className) {
		const e = make('div', 'bubble ' + className);
		e.appendChild(make('span', 'unseen', who + ': '));
		return e;
	}

	// addText adds text with its web addresses as links.
	function addText(to, content) {
		content.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/).forEach(function (piece, i) {
			if (i % 2 === 0) {
				to.appendChild(document.createTextNode(piece));
				return;
			}
			const a = make('a', '', piece);
			a.href = piece;
			a.target = '_blank';
			a.rel = 'noopener noreferrer';
			to.appendChild(a);
		});
	}

	// ownBubble is what the person said: a text, photos or a document, or both.
	function ownBubble(said, photos, image, name) {
		const e = bubble(words.you, 'own');
		if (image) {
			const img = make('img');
			img.alt = '';
			img.onload = stayAtEnd;
			img.src = image;
			e.appendChild(img);
		}
		if (photos) e.appendChild(make('span', image ? 'unseen' : 'photos', words.photos + (photos > 1 ? ' × ' + photos : '')));
		if (name) e.appendChild(make('span', 'photos', words.file + ' ' + name));
		if (said) addText(e, said);
		return e;
	}

	function ownBubbleOf(item) {
		return ownBubble(item.label || item.text, item.image ? 1 : 0, item.image, item.name);
	}

	// fileBubble is a picture, drawn when it comes into view, or the link to a
	// document; both open by themselves, to be looked at or kept.
	function fileBubble(file) {
		const e = bubble(words.assistant, 'bot');
		const a = make('a');
		a.href = file.link;
		a.target = '_blank';
		a.rel = 'noopener';
		if (/^image\/(jpeg|png|webp|gif)$/.test(file.type)) {
			const img = make('img');
			img.alt = words.picture + ': ' + file.name;
			img.loading = 'lazy';
			img.onload = stayAtEnd;
			img.src = file.link;
			a.appendChild(img);
		} else {
			a.textContent = file.name + ' (' + sizeOf(file.size) + ')';
		}
		e.appendChild(a);
		return e;
	}

	// sizeOf says how large a file is, as phones do: 1 KB is 1000 bytes.
	function sizeOf(bytes) {
		const large = bytes >= 1e6;
		return Math.max(1, bytes / (large ? 1e6 : 1e3)).toLocaleString(document.documentElement.lang, { maximumFractionDigits: large ? 1 : 0 }) + (large ? ' MB' : ' KB');
	}

	// choices are the buttons of a reply.
	function choices(reply) {
		const group = make('div', 'choices');
		group.setAttribute('role', 'group');
		group.setAttribute('aria-label', words.choices);
		if (reply.question) group.dataset.question = '1';
		reply.options.forEach(function (o) {
			const b = make('button');
			b.type = 'button';
			if (o.number) b.appendChild(make('span', 'number', o.number + ' '));
			b.appendChild(document.createTextNode(o.label));
			b.addEventListener('click', function () {
				b.setAttribute('aria-pressed', 'true');
				if (reply.question) close(group);
				say({ id: newID(), tap: o.data, label: o.label });
			});
			group.appendChild(b);
		});
		return group;
	}

	// close ends a group of buttons. The keyboard goes on at the conversation:
	// the next thing to reach from there is the open question.
	function close(group) {
		if (group.contains(document.activeElement)) log.focus({ preventScroll: true });
		group.querySelectorAll('button').forEach(function (b) { b.disabled = true; });
		delete group.dataset.question;
	}

	let follow = true; // the person looks at the end and has not scrolled up to read

	function scrollToEnd() { log.scrollTop = log.scrollHeight; }
	function stayAtEnd() { if (follow) scrollToEnd(); }

	// Only who scrolls up leaves the end: a picture that arrives moves it away, too.
	let top = 0;
	log.addEventListener('scroll', function () {
		const up = log.scrollTop < top;
		top = log.scrollTop;
		if (log.scrollHeight - top - log.clientHeight < 120) follow = true;
		else if (up) follow = false;
	});
	window.addEventListener('resize', stayAtEnd); // the phone's keyboard opened

	let last = 0; // turn shown last

	// show adds a turn of the journal, unless it is shown already.
	function show(past) {
		if (past.turn <= last) return;
		last = past.turn;
		const replies = past.replies || [];

		// Wishes in messages of the bot's own stay good; a question does not once
		// another one is asked or the talk went on.
		if (replies.some(function (r) { return r.question; }) || past.delivery && replies.length) {
			log.querySelectorAll('.choices[data-question]').forEach(close);
		}

		const waiting = settle(past.delivery);
		const turn = waiting ? waiting.turn : make('div', 'turn');
		turn.textContent = '';
		if (past.said || past.photos || past.file) turn.appendChild(ownBubble(past.said, past.photos, waiting && waiting.item.image, past.file));
		else if (waiting) turn.appendChild(ownBubbleOf(waiting.item));
		const firstWaiting = log.querySelector('.turn.pending');
		turn.classList.remove('pending');
		if (firstWaiting !== turn) log.insertBefore(turn, firstWaiting);

		replies.forEach(function (r) {
			if (r.file) turn.appendChild(fileBubble(r.file));
			if (r.text) {
				const e = bubble(words.assistant, 'bot');
				addText(e, r.text);
				turn.appendChild(e);
			}
			if (r.options && r.options.length) turn.appendChild(choices(r));
		});
		while (log.children.length > maxShown) log.removeChild(log.firstChild);
		stayAtEnd();
	}

	let clearing = 0;

	function tell(content, forMs) {
		clearTimeout(clearing);
		if (status.textContent !== content) status.textContent = content;
		if (forMs) clearing = setTimeout(function () { status.textContent = ''; }, forMs);
	}

	// --- saying ---

	const queue = [];      // what the server does not have yet, oldest first
	const waitingFor = {}; // delivery → the message waiting for its turn, and its place in the log

	// newID is an id no other message has; ids sort by the time they were made.
	function newID() {
		const random = new Uint32Array(3);
		crypto.getRandomValues(random);
		return 'm' + Date.now().toString(36) + '.' + Array.prototype.map.call(random, function (n) { return n.toString(36); }).join('');
	}

	function keep(item) {
		if (item.start !== undefined) return; // made anew when the page opens
		try {
			localStorage.setItem(prefix + item.id, JSON.stringify(item));
		} catch (e) { /* full or forbidden: it lives as long as the page */ }
	}

	function forget(item) {
		try { localStorage.removeItem(prefix + item.id); } catch (e) { /* as above */ }
	}

	// kept are the messages an earlier page could not post.
	function kept() {
		try {
			return Object.keys(localStorage).filter(function (key) { return key.startsWith(prefix); }).sort()
				.map(function (key) { return JSON.parse(localStorage.getItem(key)); });
		} catch (e) {
			return [];
		}
	}

	// say shows a message at once and posts it.
	function say(item) {
		keep(item);
		enqueue(item);
		scrollToEnd();
		flush();
	}

	function enqueue(item) {
		queue.push(item);
		if (item.start !== undefined) return;
		const turn = make('div', 'turn pending');
		const own = ownBubbleOf(item);
		own.classList.add('waiting');
		own.appendChild(make('span', 'state', words.sending));
		turn.appendChild(own);
		log.appendChild(turn);
		waitingFor[item.id] = { turn: turn, item: item };
	}

	// settle ends the waiting of a message whose turn arrived, even when the
	// answer to its post was lost.
	function settle(delivery) {
		const waiting = waitingFor[delivery];
		delete waitingFor[delivery];
		const i = queue.findIndex(function (item) { return item.id === delivery; });
		if (i >= 0) {
			forget(queue[i]);
			queue.splice(i, 1);
		}
		return waiting;
	}

	// setState writes how far a message is under its bubble.
	function setState(item, content, refused) {
		const waiting = waitingFor[item.id];
		if (!waiting) return;
		const own = waiting.turn.firstChild;
		own.classList.remove('waiting');
		own.lastChild.textContent = content;
		if (!refused) return;
		own.classList.add('refused');
		waiting.turn.classList.remove('pending'); // it gets no turn: it stays where it is
		delete waitingFor[item.id];
	}

	function post(url, type, body, ms) {
		return Promise.race([
			fetch(url, { method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': type }, body: body }),
			new Promise(function (_, reject) { setTimeout(reject, ms, new Error('too slow')); }),
		]).then(function (response) {
			if (response.status >= 500 || response.status === 429) throw new Error('not now');
			return response;
		});
	}

	// deliver posts one message and returns the status of the answer. It throws
	// when the message is to be tried again.
	async function deliver(item) {
		if (item.image && !item.photo) {
			const file = photoTools.toBlob(item.image);
			const response = await post('/chat/photo', file.type, file, 120000);
			if (!response.ok) return response.status;
			item.photo = (await response.json()).id;
		}
		if (item.content && !item.file) {
			const file = photoTools.toBlob(item.content);
			const response = await post('/chat/document?name=' + encodeURIComponent(item.name), file.type, file, 120000);
			if (!response.ok) return response.status;
			item.file = (await response.json()).id;
		}
		const message = { id: item.id, lang: document.documentElement.lang };
		['text', 'tap', 'label', 'start', 'photo', 'album', 'file', 'name'].forEach(function (k) {
			if (item[k] !== undefined) message[k] = item[k];
		});
		return (await post('/chat/messages', 'application/json', JSON.stringify(message), 20000)).status;
	}

	let flushing = false;
	let pause = 0; // ms before the next try

	// flush posts what waits, one after the other.
	async function flush() {
		if (flushing) return;
		flushing = true;
		while (queue.length) {
			const item = queue[0];
			let code;
			try {
				code = await deliver(item);
			} catch (e) {
				lost();
				pause = Math.min(2 * pause + 1000, 15000);
				await new Promise(function (resolve) { wakeUp = resolve; setTimeout(resolve, pause); });
				continue;
			}
			pause = 0;
			if (code === 401) { // the cookie is gone: the page gets a new one
				stranger();
				break;
			}
			if (queue[0] === item) queue.shift();
			forget(item);
			if (code < 300) {
				setState(item, words.sent);
				known();
			} else {
				setState(item, item.image ? words.photoRefused : item.content ? words.fileRefused : words.refused, true);
			}
		}
		flushing = false;
	}

	let wakeUp = function () {};

	// stranger loads the page anew, once, for a new cookie.
	function stranger() {
		let tried = true;
		try {
			tried = sessionStorage.getItem(prefix + 'reloaded');
			sessionStorage.setItem(prefix + 'reloaded', '1');
		} catch (e) { /* no storage, most likely no cookies either */ }
		if (tried) tell(words.stranger);
		else location.reload();
	}

	// known allows a later reload.
	function known() {
		try { sessionStorage.removeItem(prefix + 'reloaded'); } catch (e) { /* as above */ }
	}

	// --- photos ---

	photo.addEventListener('change', async function () {
		const files = Array.prototype.slice.call(photo.files);
		photo.value = '';
		const album = files.length > 1 ? newID() : undefined;
		for (const file of files) {
			say({ id: newID(), image: await photoTools.shrink(file), album: album });
		}
	});

	// --- documents ---

	file.addEventListener('change', async function () {
		const chosen = file.files[0];
		file.value = '';
		if (!chosen) return;
		if (chosen.size > maxFile || !chosen.size) return tell(words.fileRefused, 10000);
		say({ id: newID(), content: await photoTools.readFile(chosen), name: chosen.name });
	});

	// --- the field ---

	function fit() {
		text.style.height = 'auto';
		text.style.height = text.scrollHeight + 3 + 'px';
	}

	form.addEventListener('submit', function (e) {
		e.preventDefault();
		const content = text.value.trim();
		text.focus();
		if (!content) return;
		text.value = '';
		fit();
		say({ id: newID(), text: content });
	});

	text.addEventListener('input', fit);
	text.addEventListener('keydown', function (e) {
		if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
		e.preventDefault();
		form.dispatchEvent(new Event('submit', { cancelable: true }));
	});

	// --- listening ---

	let events = null;
	let heard = Date.now();
	let away = false;

	function lost() {
		away = true;
		tell(words.offline);
	}

	function alive() {
		heard = Date.now();
		if (!away) return;
		away = false;
		tell(words.reconnected, 4000);
		wakeUp();
	}

	function listen() {
		if (events) events.close();
		heard = Date.now();
		events = new EventSource('/chat/events?after=' + last);
		events.onopen = alive;
		events.onmessage = function (e) {
			alive();
			show(JSON.parse(e.data));
		};
		events.addEventListener('beat', alive);
		events.addEventListener('ready', function () {
			log.setAttribute('aria-busy', 'false');
			if (!started) start();
		});
		events.onerror = function () {
			const mine = events;
			setTimeout(function () { // a short break is not worth a word
				if (mine === events && mine.readyState !== EventSource.OPEN) lost();
			}, 3000);
			// Refused (a proxy's 502): the browser does not come back by itself.
			if (mine.readyState === EventSource.CLOSED) setTimeout(function () { if (mine === events) listen(); }, 5000);
		};
	}

	let started = false;

	// start greets: with the parameter of the link that was opened, or when
	// nothing was said in this chat yet. Its id is fixed: twice is once.
	function start() {
		started = true;
		const link = new URLSearchParams(location.search).get('start');
		if (link) say({ id: 'start.' + link.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 50), start: link });
		else if (!last && !queue.length) say({ id: 'start', start: '' });
	}

	function comeBack() {
		if (document.hidden) return;
		if (Date.now() - heard > silence / 2 || events.readyState === EventSource.CLOSED) listen();
		wakeUp();
	}

	window.addEventListener('offline', lost);
	window.addEventListener('online', function () { listen(); wakeUp(); });
	window.addEventListener('pageshow', function (e) { if (e.persisted) listen(); });
	document.addEventListener('visibilitychange', comeBack);
	setInterval(function () { if (Date.now() - heard > silence) listen(); }, 5000);

	kept().forEach(enqueue);
	listen();
	flush();
})();
