/* The voice of a hall board: every call once, in order, through one <audio>. ES5, for old TVs.
 *
 *   var voice = Antrean.announcer({sound: true, chime: url, onShow: f, onStart: f, onBlocked: f,
 *                                  tooOld: f});
 *   voice.add(call)    a call to announce; `call.audio` is its whole utterance, or absent.
 *   voice.allow()      from a click or key: the browser lets a page speak after one.
 *   voice.pending()    calls not begun yet, oldest first.
 *   voice.idle()       nothing is being announced, nothing is pending.
 *
 * onShow(call or null)   the call that is announced now; null when there is none.
 * onStart(call)          it has begun to sound (or, on a mute board, to be shown).
 * onBlocked(bool)        the browser refuses sound, or lets it again.
 * tooOld(call)           whether a call that waited for permission is no longer worth speaking.
 *
 * A clip that cannot be loaded is replaced by the chime; one that hangs is cut after its own
 * length. So one bad file costs a few seconds, never the calls behind it.
 */
(function (root) {
  "use strict";
  /* Milliseconds: to load a clip; for one of unknown length; past its length; a call is shown at
     least; on a mute board; between calls. */
  var LOADING = 10000, UNKNOWN = 40000, PAST = 3000, SHOWN = 4000, MUTE_SHOWN = 7000, BETWEEN = 400;

  function announcer(options) {
    var self = {
      options: options, queue: [], call: null, began: 0, started: false,
      blocked: false, clip: 0, guard: null, pause: null, audio: null
    };
    if (options.sound) { self.audio = makeAudio(); probe(self); }
    return {
      add: function (call) { self.queue.push(call); if (self.blocked) { retry(self); } else { next(self); } },
      allow: function () { allow(self); },
      pending: function () { return pending(self); },
      idle: function () { return !self.call && !self.queue.length; }
    };
  }

  function pending(self) {
    return (self.call && !self.started ? [self.call] : []).concat(self.queue);
  }

  function makeAudio() {
    var audio = document.createElement("audio");
    audio.preload = "auto";
    return audio;
  }

  /* One call after the other ------------------------------------------------------------- */

  function next(self) {
    if (self.call || self.pause || self.blocked) { return; }
    if (!self.queue.length) { self.options.onShow(null); return; }
    self.call = self.queue.shift();
    self.began = Date.now();
    self.started = false;
    self.options.onShow(self.call);
    if (!self.audio) { start(self); self.guard = setTimeout(function () { done(self); }, MUTE_SHOWN); return; }
    speak(self);
  }

  function speak(self) {
    var chime = self.options.chime, url = self.call.audio || chime;
    play(self, url, 1, {
      started: function () { start(self); },
      ended: function () { done(self); },
      failed: function () {
        if (url === chime) { start(self); done(self); return; }
        play(self, chime, 1, {
          started: function () { start(self); },
          ended: function () { done(self); },
          failed: function () { start(self); done(self); },
          refused: function () { block(self); }
        });
      },
      refused: function () { block(self); }
    });
  }

  function start(self) {
    if (self.started) { return; }
    self.started = true;
    self.options.onStart(self.call);
  }

  /* The clip is over: the picture stays long enough to be read, then it is the next one's turn. */
  function done(self) {
    var rest = Math.max(BETWEEN, self.audio ? SHOWN - (Date.now() - self.began) : BETWEEN);
    stop(self);
    self.pause = setTimeout(function () {
      self.pause = null;
      self.call = null;
      next(self);
    }, rest);
  }

  /* Permission --------------------------------------------------------------------------- */

  /* Asks silently when the page opens, so that staff see the notice then and not at a call. */
  function probe(self) {
    play(self, self.options.chime, 0, {
      refused: function () { block(self); }
    });
  }

  function block(self) {
    stop(self);
    if (self.call) { self.queue.unshift(self.call); self.call = null; }
    if (!self.blocked) {
      self.blocked = true;
      self.options.onBlocked(true);
    }
    self.options.onShow(null);
  }

  /* Something may have allowed sound meanwhile: ask again, silently, with each new call. */
  function retry(self) {
    prune(self);
    play(self, self.options.chime, 0, {
      started: function () { stop(self); unblock(self); },
      refused: function () { stop(self); }
    });
  }

  function allow(self) {
    if (!self.blocked) { return; }
    prune(self);
    if (self.queue.length) { unblock(self); return; }
    unblock(self);
    play(self, self.options.chime, 1, {refused: function () { block(self); }});
  }

  function unblock(self) {
    self.blocked = false;
    self.options.onBlocked(false);
    next(self);
  }

  function prune(self) {
    var kept = [], i;
    for (i = 0; i < self.queue.length; i++) {
      if (!self.options.tooOld(self.queue[i])) { kept.push(self.queue[i]); }
    }
    self.queue = kept;
  }

  /* One clip ----------------------------------------------------------------------------- */

  /* Exactly one of ended, failed, refused is called, unless another clip takes the audio. */
  function play(self, url, volume, on) {
    var audio = self.audio, clip, asked;
    stop(self);
    clip = self.clip;
    function mine() { return self.clip === clip; }
    function finish(name) {
      if (!mine()) { return; }
      stop(self);
      if (on[name]) { on[name](); }
    }
    audio.onplaying = function () {
      if (!mine()) { return; }
      watch(self, finish, audio);
      if (on.started) { on.started(); }
    };
    audio.onended = function () { finish("ended"); };
    audio.onerror = function () { finish("failed"); };
    self.guard = setTimeout(function () { finish("failed"); }, LOADING);
    audio.volume = volume;
    audio.src = url;
    asked = audio.play();
    if (asked && asked.then) {
      asked.then(null, function (error) {
        finish(error && error.name === "NotAllowedError" ? "refused" : "failed");
      });
    } else {
      setTimeout(function () { if (audio.paused && !audio.error && !audio.currentTime) { finish("refused"); } }, 1500);
    }
  }

  /* A stream without a length, or one that stops half-way, ends all the same. */
  function watch(self, finish, audio) {
    var length = isFinite(audio.duration) ? audio.duration * 1000 : UNKNOWN;
    clearTimeout(self.guard);
    self.guard = setTimeout(function () { finish("ended"); }, length + PAST);
  }

  function stop(self) {
    clearTimeout(self.guard);
    self.guard = null;
    self.clip += 1;
    if (!self.audio) { return; }
    self.audio.onplaying = self.audio.onended = self.audio.onerror = null;
    if (!self.audio.paused) { self.audio.pause(); }
  }

  root.Antrean = root.Antrean || {};
  root.Antrean.announcer = announcer;
})(window);
