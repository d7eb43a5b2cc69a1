/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/certificate-type.h"
#include "core/assignment/slot.h"

G_BEGIN_DECLS

/**
 * IssAssignment:
 *
 * What one type uses on one server.
 */
typedef struct
{
  const IssCertificateType *type;
  guint64                   revision;      /* counts changes of this type on this server */
  char                     *scope;         /* "local" | "global" */
  char                     *slot[ISS_N_SLOTS];   /* SHA-256 hex, or NULL */
  gint64                    current_since; /* when current became current; 0 = not known */

  /* Of the staged one. */
  gint64                    staged_at;     /* the roll's instant; 0 = none */
  char                     *staged_typed;  /* (nullable): the instant as somebody typed it */
  char                     *staged_zone;   /* (nullable): where it was typed, as Europe/Berlin */
  gboolean                  held;          /* waits until it is armed, even past its instant */
} IssAssignment;

IssAssignment  *iss_assignment_new        (const IssCertificateType *type)
                                           G_GNUC_WARN_UNUSED_RESULT;
IssAssignment  *iss_assignment_copy       (const IssAssignment      *self)
                                           G_GNUC_WARN_UNUSED_RESULT;
void            iss_assignment_free       (IssAssignment            *self);

gboolean        iss_assignment_is_empty   (const IssAssignment      *self);
gboolean        iss_assignment_is_due     (const IssAssignment      *self,
                                           gint64                    now);
gint64          iss_assignment_get_needed_until
                                          (const IssAssignment      *self,
                                           gint64                    now,
                                           gint64                    previous_not_after);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssAssignment, iss_assignment_free)

G_END_DECLS
