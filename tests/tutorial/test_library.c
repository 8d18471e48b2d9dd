#include "steps.h"

static const struct step steps[] = {
    {"GET",
     "/sensors",
     {0},
     NULL,
     200,
     "[{\"serial\":\"TH-0001\",\"unit\":\"celsius\",\"state\":\"ready\",\"reading\":21.5,\"channel\":1,\"calibration\":"
     "[100,"
     "200,300,400]},{\"serial\":\"TH-0002\",\"unit\":\"fahrenheit\",\"state\":\"fault\",\"reading\":0.0,\"channel\":2,"
     "\"calibration\":[0,0,0,0]}]"},
    {"PUT", "/sensors", JSON,
     "{\"serial\":\"TH-0002\",\"channel\":3,\"calibration\":[1,2,3,65535],\"state\":\"warming\"}", 200,
     "{\"serial\":\"TH-0002\",\"unit\":\"celsius\",\"state\":\"warming\",\"reading\":0.0,\"channel\":3,\"calibration\":"
     "[1,2,3,"
     "65535]}"},
    {"GET", "/sensors", {0}, NULL, 200, "...\"TH-0002\",\"unit\":\"celsius\",\"state\":\"warming\""},
    {"PUT", "/sensors", JSON, "{\"serial\":\"TH-0009\",\"channel\":4,\"calibration\":[1,2,3,4]}", 404,
     "{\"detail\":\"no sensor has the serial number TH-0009\"}"},
    {"PUT", "/sensors", JSON, "{\"serial\":\"TH-0002\",\"channel\":1,\"calibration\":[1,2,3,4]}", 409,
     "{\"detail\":\"channel 1 is in use\"}"},
    {"PUT", "/sensors", JSON,
     "{\"serial\":\"TH-2\",\"channel\":256,\"calibration\":[1,2,3],\"unit\":\"kelvin\",\"x\":1}", 422,
     "...Input should be 'celsius' or 'fahrenheit'"},
};
TUTORIAL("library", a_librarys_own_structs_are_sent_and_read)
