// What a page cannot do from the host: step through clips, draw findings over them, and start afresh when a host that was restarted no longer knows the page.
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

  const seek = (group, time) => {
    for (const video of videosOf(group)) {
      video.currentTime = Math.min(Math.max(time, 0), video.duration || 0);
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
    const scrub = group.querySelector('[data-play=scrub]');
    if (scrub && first.duration > 0 && document.activeElement !== scrub) {
      scrub.value = Math.round(1000 * first.currentTime / first.duration);
    }
    const canvas = group.querySelector('canvas[data-findings]');
    if (canvas) {
      draw(canvas, first);
    }
  };

  const actions = {
    toggle,
    back: group => step(group, -1),
    forward: group => step(group, 1),
    seek: (group, button) => seek(group, Number(button.dataset.at)),
  };

  document.addEventListener('click', event => {
    const button = event.target.closest?.('button[data-play]');
    if (button && actions[button.dataset.play]) {
      actions[button.dataset.play](groupOf(button), button);
    }
  });

  // A click into the course goes there; by keyboard the slider and the table do the same.
  document.addEventListener('click', event => {
    const course = event.target.closest?.('svg[data-play-timeline]');
    if (course) {
      const box = course.getBoundingClientRect();
      seek(groupOf(course), Number(course.dataset.end) * (event.clientX - box.left) / box.width);
    }
  });

  document.addEventListener('input', event => {
    if (event.target.matches?.('[data-play=scrub]')) {
      const group = groupOf(event.target);
      seek(group, videosOf(group)[0].duration * event.target.value / 1000);
    }
  });

  // What was found of single frames, by job: the same file that people download.
  const found = new Map();
  const findingsOf = address => {
    if (!found.has(address)) {
      found.set(address, fetch(address).then(answer => answer.ok ? answer.json() : { findings: [] }).then(file => {
        const regions = file.findings.filter(one => one.scope?.of === 'frame' && ['box', 'polygon', 'mask', 'keypoints'].includes(one.kind));
        const byTime = Map.groupBy(regions, one => secondsOf(one.scope.timestamp));
        return [...byTime].map(([time, findings]) => ({ time, findings })).sort((a, b) => a.time - b.time);
      }));
    }
    return found.get(address);
  };

  // .NET's spelling of a time: [days.]hours:minutes:seconds.
  const secondsOf = text => {
    const [, days, hours, minutes, seconds] = /^(?:(\d+)\.)?(\d+):(\d+):([\d.]+)$/.exec(text);
    return Number(days ?? 0) * 86400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  };

  const colourOf = finding => `hsl(${[...finding.label].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7)} 90% 60%)`;

  const draw = async (canvas, video) => {
    const moments = await findingsOf(canvas.dataset.findings);
    const context = canvas.getContext('2d');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;

    // The last analysed frame that is not after what is shown; findings of a frame stand until the next one.
    const shown = moments.findLast(moment => moment.time <= video.currentTime + 1e-3);
    for (const finding of shown?.findings ?? []) {
      context.strokeStyle = context.fillStyle = colourOf(finding);
      context.lineWidth = Math.max(1, canvas.width / 300);
      shapes[finding.kind](context, finding, canvas);
    }
  };

  const caption = (context, finding, x, y) => {
    context.font = `${Math.max(10, context.canvas.width / 40)}px sans-serif`;
    context.fillText(`${finding.label} ${Math.round(100 * finding.score)} %${finding.track === null ? '' : ` #${finding.track}`}`, x, y);
  };

  const shapes = {
    box: (context, box) => {
      context.strokeRect(box.x, box.y, box.width, box.height);
      caption(context, box, box.x, Math.max(12, box.y - 3));
    },
    polygon: (context, polygon) => {
      context.beginPath();
      for (const point of polygon.points) {
        context.lineTo(point.x, point.y);
      }
      context.closePath();
      context.stroke();
      caption(context, polygon, polygon.points[0].x, polygon.points[0].y);
    },
    mask: (context, mask, canvas) => {
      context.globalAlpha = 0.45;
      let pixel = 0;
      for (const [index, length] of mask.runs.entries()) {
        for (let left = index % 2 === 0 ? 0 : length, at = pixel; left > 0;) {
          const x = at % canvas.width;
          const width = Math.min(left, canvas.width - x);
          context.fillRect(x, Math.floor(at / canvas.width), width, 1);
          at += width;
          left -= width;
        }
        pixel += length;
      }
      context.globalAlpha = 1;
    },
    keypoints: (context, thing) => {
      for (const { name, point } of thing.points) {
        context.beginPath();
        context.arc(point.x, point.y, Math.max(2, context.canvas.width / 150), 0, 2 * Math.PI);
        context.fill();
        context.fillText(name, point.x + 5, point.y);
      }
    },
  };

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
    }
    if (state === 'show' || state === 'retrying') {
      // A host that answers with a way elsewhere no longer knows the visitor; nothing is gained by asking on.
      fetch(location.href, { redirect: 'manual', headers: { accept: 'text/html' } })
        .then(answer => answer.type === 'opaqueredirect' && location.reload(), () => {});
    } else if (state === 'hide') {
      notice.close();
    } else if (state === 'rejected' || state === 'failed' || state === 'resume-failed') {
      location.reload();
    }
  });
})();
