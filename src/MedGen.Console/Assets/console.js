// What a page cannot do from the host: step through clips, and start afresh when a host that was restarted no longer knows the page.
(() => {
  'use strict';

  // A button belongs to the nearest group of players, or to the nearest player.
  const groupOf = element => element.closest('[data-player-group]') ?? element.closest('[data-player]');
  const videosOf = group => [...group.querySelectorAll('video')];
  const rateOf = video => Number(video.closest('[data-player]').dataset.fps);

  // The middle of a frame: its very beginning may still show the one before.
  const frameOf = video => Math.floor(video.currentTime * rateOf(video) + 1e-6);
  const show = (video, frame) => {
    const last = Math.max(0, Math.round(video.duration * rateOf(video)) - 1);
    video.currentTime = (Math.min(Math.max(frame, 0), last) + 0.5) / rateOf(video);
  };

  const step = (group, by) => {
    const videos = videosOf(group);
    const frame = frameOf(videos[0]) + by;
    for (const video of videos) {
      video.pause();
      show(video, frame);
    }
  };

  const toggle = group => {
    const videos = videosOf(group);
    const start = videos[0].paused;
    for (const video of videos) {
      if (start) {
        video.currentTime = videos[0].currentTime;
        video.play().catch(() => tell(group));
      } else {
        video.pause();
      }
    }
  };

  const tell = group => {
    const first = videosOf(group)[0];
    const place = group.querySelector('[data-play=place]');
    const button = group.querySelector('[data-play=toggle]');
    if (place) {
      place.textContent = Number.isFinite(first.duration)
        ? `frame ${frameOf(first) + 1}, ${first.currentTime.toFixed(2)} s of ${first.duration.toFixed(2)} s`
        : 'loading';
    }
    if (button) {
      button.textContent = first.paused ? 'Play' : 'Pause';
    }
  };

  const actions = {
    toggle,
    back: group => step(group, -1),
    forward: group => step(group, 1),
  };

  document.addEventListener('click', event => {
    const button = event.target.closest?.('button[data-play]');
    if (button && actions[button.dataset.play]) {
      actions[button.dataset.play](groupOf(button));
    }
  });

  document.addEventListener('change', event => {
    const control = event.target.closest?.('[data-play]');
    if (!control) {
      return;
    }
    for (const video of videosOf(groupOf(control))) {
      if (control.dataset.play === 'loop') {
        video.loop = control.checked;
      } else if (control.dataset.play === 'speed') {
        video.playbackRate = Number(control.value);
      }
    }
  });

  // These do not bubble, but they are caught on their way down.
  for (const name of ['loadedmetadata', 'timeupdate', 'seeked', 'play', 'pause', 'ended']) {
    document.addEventListener(name, event => {
      if (event.target instanceof HTMLVideoElement && event.target.closest('[data-player]')) {
        tell(groupOf(event.target));
      }
    }, true);
  }

  // Blazor says what becomes of the connection. A host that was restarted knows jobs, but no pages: load again, and the page finds its job.
  const notice = document.getElementById('components-reconnect-modal');
  notice?.addEventListener('components-reconnect-state-changed', event => {
    const state = event.detail.state;
    if (state === 'show' && !notice.open) {
      notice.showModal();
    } else if (state === 'hide') {
      notice.close();
    } else if (state === 'rejected' || state === 'failed' || state === 'resume-failed') {
      location.reload();
    }
  });
})();
