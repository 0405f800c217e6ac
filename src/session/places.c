/* Where mails stand that were fetched one by one out of a mailbox: their numbers change while it is open (RFC 9051 7.5.1). */
#include "session/messages.h"

void messages_gone(struct messages *messages, uint64_t number, bool moved)
{
    for (uint64_t i = messages->first; i < messages->next; i++) {
        struct message *message = messages_numbered(messages, i);
        if (message->place == number) {
            message->place = 0;
            message->deleted = message->deletion_known = !moved;
        } else if (message->place > number) {
            message->place--;
        }
    }
}

void messages_leave_box(struct messages *messages)
{
    for (uint64_t i = messages->first; i < messages->next; i++)
        messages_numbered(messages, i)->place = 0;
}
