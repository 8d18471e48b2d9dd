/* Each tutorial is one application, and this its program: ./library --help */
#include "tutorial.h"

int main(int argc, char **argv)
{
    return gr_main(tutorial_app(), argc, argv);
}
