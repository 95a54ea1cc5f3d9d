// Rating by keyboard: a number answers the question that has the focus and goes to the next one, Enter sends, R plays again.
'use strict';

const sets = [...document.querySelectorAll('fieldset')];
const focus = set => (set.querySelector('input:checked') ?? set.querySelector('input')).focus();

for (const video of document.querySelectorAll('video[data-seconds]')) {
  const end = Number(video.dataset.seconds);
  video.addEventListener('timeupdate', () => {
    if (video.currentTime >= end) {
      video.currentTime = 0;
    }
  });
}

if (sets.length > 0) {
  focus(sets[0]);
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }

    const current = sets.find(set => set.contains(document.activeElement)) ?? sets.find(set => !set.querySelector('input:checked')) ?? sets[0];
    const choice = current.querySelectorAll('input')[Number(event.key) - 1];
    if (choice) {
      choice.checked = true;
      const next = sets[sets.indexOf(current) + 1];
      next ? focus(next) : document.querySelector('#answers button').focus();
      event.preventDefault();
    } else if (event.key.toLowerCase() === 'r') {
      for (const video of document.querySelectorAll('video')) {
        video.currentTime = 0;
        video.play();
      }
    }
  });
}
