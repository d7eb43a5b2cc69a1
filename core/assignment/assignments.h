/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/certificate-type.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_SLOT_CURRENT  = 0,   /* values cross the wire */
  ISS_SLOT_PREVIOUS = 1,
  ISS_SLOT_STAGED   = 2,
  ISS_N_SLOTS
} IssSlot;

const char  *iss_slot_get_name   (IssSlot       slot);    /* "current" */
const char  *iss_slot_get_label  (IssSlot       slot);    /* translated */
gboolean     iss_slot_parse      (const char   *name,
                                  IssSlot      *out_slot,
                                  GError      **error);

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
  gint64                    staged_at;     /* the roll's instant; 0 = none */
} IssAssignment;

#define ISS_TYPE_ASSIGNMENTS (iss_assignments_get_type ())

/* The contents of assignments.conf, the only truth of what is assigned: loaded,
 * changed in memory, saved by one rename. */
G_DECLARE_FINAL_TYPE (IssAssignments, iss_assignments, ISS, ASSIGNMENTS, GObject)

IssAssignments       *iss_assignments_load        (IssRootFolder   *root,
                                                   GError         **error)
                                                   G_GNUC_WARN_UNUSED_RESULT;
gboolean              iss_assignments_save        (IssAssignments  *self,
                                                   IssRootFolder   *root,
                                                   GError         **error);

guint                 iss_assignments_get_n       (IssAssignments  *self);
const IssAssignment  *iss_assignments_get         (IssAssignments  *self,
                                                   guint            index);
const IssAssignment  *iss_assignments_find        (IssAssignments  *self,
                                                   const IssCertificateType *type);
GHashTable           *iss_assignments_dup_by_certificate
                                                  (IssAssignments  *self) G_GNUC_WARN_UNUSED_RESULT;

/* The transition table's moves that exist so far. They change only memory. */
gboolean              iss_assignments_set         (IssAssignments  *self,
                                                   const IssCertificateType *type,
                                                   const char      *sha256_hex,
                                                   gint64           now,
                                                   gboolean        *out_changed,
                                                   GError         **error);
/* before set: what it would drop */
gboolean              iss_assignments_check_set   (IssAssignments  *self,
                                                   const IssCertificateType *type,
                                                   const char      *sha256_hex,
                                                   gint64           now,
                                                   gint64           previous_not_after,
                                                   GError         **error);
gboolean              iss_assignments_remove      (IssAssignments  *self,
                                                   const IssCertificateType *type,
                                                   IssSlot          slot,
                                                   gint64           now,
                                                   gint64           slot_not_after,
                                                   gboolean         force,
                                                   GError         **error);

G_END_DECLS
