"use strict";
/* Says early that scripts run, so that what only a script can do is shown only then. */
document.documentElement.classList.add("r-scripts");
