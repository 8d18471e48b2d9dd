#include "trip.h"

int main(int argc, char **argv)
{
    struct trip trip = {.weather = "http://127.0.0.1:8001/weather", .hotels = "http://127.0.0.1:8001/hotels"};
    return gr_main(trip_app(&trip), argc, argv);
}
