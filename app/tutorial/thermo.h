/* A C library as one finds it: its structs have char arrays and enums, and are not ours to change. */
#ifndef THERMO_H
#define THERMO_H

#include <stddef.h>
#include <stdint.h>

enum thermo_unit { THERMO_CELSIUS = 'C', THERMO_FAHRENHEIT = 'F' };
enum thermo_state { THERMO_OFF, THERMO_WARMING, THERMO_READY, THERMO_FAULT = -1 };

struct thermo_sensor {
    char serial[12];
    enum thermo_unit unit;
    enum thermo_state state;
    float reading;
    uint8_t channel;
    uint16_t calibration[4];
};

/* At most `n` sensors to `sensors`; how many there are. Blocks while it asks them. */
size_t thermo_list(struct thermo_sensor *sensors, size_t n);

/* Changes a sensor by its serial number. 0; -1: there is none; -2: the channel is in use. */
int thermo_configure(const struct thermo_sensor *sensor);

#endif
