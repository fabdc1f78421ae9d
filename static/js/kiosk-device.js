/* A registered kiosk says once a minute that it is there, and hears whether it was set otherwise.
 *
 * report({atStart})   atStart(): whether nobody is in the middle of something
 */
const EVERY = 60000, HOME = "/kiosk/device";
const revision = () => /(?:^|; )kiosk=(\d+)/.exec(document.cookie)?.[1];

export function report({atStart}) {
  if (!revision()) { return; }
  let moved = false;
  const say = async () => {
    const facts = {
      build: document.documentElement.dataset.build, sound: "off",
      width: window.innerWidth, height: window.innerHeight, broken: [],
    };
    try {
      const answer = await fetch(`${HOME}/reports`, {
        method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(facts),
      });
      if ([401, 403, 404].includes(answer.status)) { moved = true; }
      if (answer.ok) { moved = String((await answer.json()).revision) !== revision(); }
    } catch { /* the screen itself says that the server is away */ }
    if (moved && atStart()) { location.assign(HOME); }
  };
  say();
  setInterval(say, EVERY);
}
