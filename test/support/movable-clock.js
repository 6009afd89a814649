import { Clock } from '../../src/clock.js';
/** A clock that runs, and jumps where a test wants it. */
export class MovableClock extends Clock {
    constructor() {
        super(...arguments);
        this.ahead = 0;
    }
    now() {
        return new Date(Date.now() + this.ahead);
    }
    advance(seconds) {
        this.ahead += seconds * 1_000;
    }
}
