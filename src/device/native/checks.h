// Whether requests are held against the sizes of what they access, as every build for use does: assembly/checks.ts.
#ifndef CHECKS_H
#define CHECKS_H

#ifdef BAROMETER_UNCHECKED
#define CHECKED 0
#else
#define CHECKED 1
#endif

#endif
