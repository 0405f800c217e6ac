/* Operands → inputs: a file, standard input, or all files below a folder, in the order of their names. */
#ifndef CMD_INPUTS_H
#define CMD_INPUTS_H

#include <stdbool.h>
#include <stdint.h>

/* Calls visit for each input, and for each folder that cannot be read; `named` says that nobody but the user can have
 * meant it: it is the operand itself, or such a folder. Stops when visit answers false. Answers how many things it
 * passed over: in a folder, what is neither file nor folder, symbolic links included. */
typedef bool visit_input(void *context, const char *path, bool named);
uint64_t inputs_visit(const char *operand, visit_input *visit, void *context);

#endif
