/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/transition.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

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

/* Changes memory only. */
gboolean              iss_assignments_change      (IssAssignments  *self,
                                                   const IssCertificateType *type,
                                                   const IssTransition      *transition);
gboolean              iss_assignments_adopt       (IssAssignments  *self,
                                                   const IssAssignment       *wanted);
gboolean              iss_assignments_set         (IssAssignments  *self,
                                                   const IssCertificateType *type,
                                                   const char      *sha256_hex,
                                                   gint64           now,
                                                   gboolean        *out_changed,
                                                   GError         **error);
gboolean              iss_assignments_roll        (IssAssignments  *self,
                                                   const IssCertificateType *type,
                                                   gint64           now,
                                                   GError         **error);

G_END_DECLS
