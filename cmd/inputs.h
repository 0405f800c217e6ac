/* Operands → inputs: a file, standard input, or all files below a directory, in the order of their names. */
#ifndef CMD_INPUTS_H
#define CMD_INPUTS_H

#include <stdbool.h>

/* Calls visit for each input; `named` says that the operand itself was the file. Stops when visit answers false.
 * False: an operand could not be looked at (errno), visit was not called for it. */
typedef bool visit_input(void *context, const char *path, bool named);
bool inputs_visit(char *operand, visit_input *visit, void *context);

#endif
