/* A C library's own structs, described as they are: nothing is copied into structs of one's own. */
#include "thermo.h"
#include "tutorial.h"

static GR_VALUES(thermo_unit, {THERMO_CELSIUS, "celsius"}, {THERMO_FAHRENHEIT, "fahrenheit"});
static GR_VALUES(thermo_state, {THERMO_OFF, "off"}, {THERMO_WARMING, "warming"}, {THERMO_READY, "ready"},
                 {THERMO_FAULT, "fault"});
static GR_MODEL(thermo_sensor,
    GR_SELF(.title = "Sensor", .extra = GR_EXTRA_FORBIDDEN),
    GR_FIELD(serial, .min_len = 1, .pattern = "^TH-[0-9]{4}$"),
    GR_ENUM(unit, thermo_unit, GR_DEFAULT(THERMO_CELSIUS)),
    GR_ENUM(state, thermo_state, GR_DEFAULT(THERMO_OFF)),
    GR_FIELD(reading, GR_DEFAULT(0)),
    GR_FIELD(channel, GR_GE(1), GR_LE(16)),
    GR_ARRAY(calibration));

/* The library blocks, so its handlers do: no gr_co. */
static gr_reply list_sensors(gr_req *req)
{
    struct thermo_sensor sensors[16];
    size_t n = thermo_list(sensors, 16);
    return thermo_sensor_reply_list(req, sensors, n < 16 ? n : 16);
}
GR_GET("/sensors", list_sensors, .response = thermo_sensor_model, .response_list = true);

struct configure {
    struct thermo_sensor sensor;
};
static GR_INPUT(configure, GR_BODY(sensor, thermo_sensor));

static gr_reply configure(gr_req *req, const struct configure *in)
{
    int rc = thermo_configure(&in->sensor);
    if (rc == -1)
        return gr_error(req, 404, "no sensor has the serial number %s", in->sensor.serial);
    if (rc)
        return gr_error(req, 409, "channel %d is in use", in->sensor.channel);
    return thermo_sensor_reply(req, &in->sensor);
}
GR_PUT("/sensors", configure, .response = thermo_sensor_model);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Sensors", "1.0");
    gr_app_add(app, &list_sensors_route, &configure_route);
    return app;
}
