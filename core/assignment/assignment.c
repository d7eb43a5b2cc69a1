/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/assignment.h"

/**
 * iss_assignment_new:
 * @type: a type
 *
 * Returns: (transfer full): an assignment of nothing yet, which has never changed
 */
IssAssignment *
iss_assignment_new (const IssCertificateType *type)
{
  IssAssignment *self;

  g_return_val_if_fail (type != NULL, NULL);

  self = g_new0 (IssAssignment, 1);
  self->type = type;
  self->scope = g_strdup ("local");

  return self;
}

/**
 * iss_assignment_copy:
 * @self: an assignment
 *
 * Returns: (transfer full): the same once more
 */
IssAssignment *
iss_assignment_copy (const IssAssignment *self)
{
  IssAssignment *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (IssAssignment, 1);
  *copy = *self;
  copy->scope = g_strdup (self->scope);
  copy->staged_typed = g_strdup (self->staged_typed);
  copy->staged_zone = g_strdup (self->staged_zone);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    copy->slot[i] = g_strdup (self->slot[i]);

  return copy;
}

/**
 * iss_assignment_free:
 * @self: (transfer full): an assignment
 */
void
iss_assignment_free (IssAssignment *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_free (self->slot[i]);
  g_free (self->scope);
  g_free (self->staged_typed);
  g_free (self->staged_zone);
  g_free (self);
}

/**
 * iss_assignment_is_empty:
 * @self: an assignment
 *
 * Returns: whether the type uses nothing
 */
gboolean
iss_assignment_is_empty (const IssAssignment *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (self->slot[i] != NULL)
      return FALSE;

  return TRUE;
}

/**
 * iss_assignment_is_due:
 * @self: an assignment
 * @now: the present instant
 *
 * Returns: whether the staged certificate shall be current by now: its instant has come and
 *   nothing holds it
 */
gboolean
iss_assignment_is_due (const IssAssignment *self,
                       gint64               now)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->slot[ISS_SLOT_STAGED] != NULL && !self->held && self->staged_at <= now;
}

/**
 * iss_assignment_get_needed_until:
 * @self: an assignment
 * @now: the present instant, or any other
 * @previous_not_after: when the previous certificate expires; 0 = not known
 *
 * Tokens that the previous certificate signed are about until the lifetime is over, or until
 * it expires: after that nobody accepts them.
 *
 * Returns: until when the previous certificate is needed; 0 = it is not, at @now
 */
gint64
iss_assignment_get_needed_until (const IssAssignment *self,
                                 gint64               now,
                                 gint64               previous_not_after)
{
  gint64 until;

  g_return_val_if_fail (self != NULL, 0);

  if (self->slot[ISS_SLOT_PREVIOUS] == NULL || self->type->token_lifetime == 0 ||
      self->current_since == 0)
    return 0;

  until = self->current_since + self->type->token_lifetime;
  if (previous_not_after != 0)
    until = MIN (until, previous_not_after);

  return now < until ? until : 0;
}
