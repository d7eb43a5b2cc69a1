/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/agreed.h"

/**
 * iss_agreed_copy:
 * @self: what is agreed
 *
 * Returns: (transfer full): the same once more
 */
IssAgreed *
iss_agreed_copy (const IssAgreed *self)
{
  IssAgreed *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (IssAgreed, 1);
  *copy = *self;
  copy->sha256_hex = g_strdup (self->sha256_hex);
  copy->previous_sha256_hex = g_strdup (self->previous_sha256_hex);
  copy->by = g_strdup (self->by);
  copy->next_sha256_hex = g_strdup (self->next_sha256_hex);

  return copy;
}

/**
 * iss_agreed_free:
 * @self: (nullable): what is agreed
 *
 * Frees it.
 */
void
iss_agreed_free (IssAgreed *self)
{
  if (self == NULL)
    return;

  g_free (self->sha256_hex);
  g_free (self->previous_sha256_hex);
  g_free (self->by);
  g_free (self->next_sha256_hex);
  g_free (self);
}

/**
 * iss_agreed_settle:
 * @self: what is agreed; changed
 * @now: the present instant
 *
 * Once the instant of a roll has come, what was rolled to is what is agreed: that was decided
 * when the roll was.
 *
 * Returns: whether that has come
 */
gboolean
iss_agreed_settle (IssAgreed *self,
                   gint64     now)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->next_sha256_hex == NULL || now < self->next_at)
    return FALSE;

  g_free (self->previous_sha256_hex);
  self->previous_sha256_hex = g_steal_pointer (&self->sha256_hex);
  self->sha256_hex = g_steal_pointer (&self->next_sha256_hex);
  self->at = self->next_at;
  self->next_at = 0;

  return TRUE;
}
