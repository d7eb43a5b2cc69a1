/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/reload.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/**
 * IssObservedReloads:
 *
 * How far the services of a server are that its root has configured: what an observation says of
 * them.
 */
typedef struct
{
  GPtrArray *all;     /* (element-type IssReload) */
  char      *error;   /* (nullable): why that is not known, a sentence without full stop */
} IssObservedReloads;

IssObservedReloads  *iss_observed_reloads_look  (IssRootFolder             *root)
                                                 G_GNUC_WARN_UNUSED_RESULT;
void                 iss_observed_reloads_free  (IssObservedReloads        *self);

void                 iss_observed_reloads_write (const IssObservedReloads  *self,
                                                 GVariantDict              *dict);
/* console: checks everything */
IssObservedReloads  *iss_observed_reloads_read  (GVariant                  *variant)
                                                 G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssObservedReloads, iss_observed_reloads_free)

G_END_DECLS
