/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/effective-date.h"
#include "core/central/global-assign.h"
#include "core/central/replication-table.h"
#include "core/pool/job.h"
#include "ui/pool/central-desk.h"
#include "ui/wizards/signing.h"

G_BEGIN_DECLS

#define ISS_TYPE_GLOBAL_ORDER (iss_global_order_get_type ())

/* What a wizard does on every server, replicated, instead of by hand: what is decided for one
 * type of a pool. Signal "changed": the choice, or what is known of the pool. */
G_DECLARE_FINAL_TYPE (IssGlobalOrder, iss_global_order, ISS, GLOBAL_ORDER, GObject)

IssGlobalOrder       *iss_global_order_new            (IssWorkspace          *workspace,
                                                       IssPool               *pool)
                                                       G_GNUC_WARN_UNUSED_RESULT;

IssWorkspace         *iss_global_order_get_workspace  (IssGlobalOrder        *self);
IssPool              *iss_global_order_get_pool       (IssGlobalOrder        *self);
IssSigning           *iss_global_order_get_signing    (IssGlobalOrder        *self);
IssCentralDesk       *iss_global_order_get_desk       (IssGlobalOrder        *self);

/* reads the central store */
void                  iss_global_order_look           (IssGlobalOrder        *self);
gboolean              iss_global_order_has_enrolled   (IssGlobalOrder        *self);
/* a server is not; also while that is not known */
gboolean              iss_global_order_has_unenrolled (IssGlobalOrder        *self);
/* whether the type is assigned globally already */
gboolean              iss_global_order_is_global      (IssGlobalOrder        *self,
                                                       const char            *type);

gboolean              iss_global_order_is_chosen      (IssGlobalOrder        *self);
void                  iss_global_order_choose         (IssGlobalOrder        *self,
                                                       gboolean               chosen);

/* name of a certificate type; nothing is to be different unless a change is set */
void                  iss_global_order_set_type       (IssGlobalOrder        *self,
                                                       const char            *type);
/* (nullable) until it is set */
const IssCertificateType *iss_global_order_get_type_of (IssGlobalOrder       *self);
/* date (nullable): at once */
void                  iss_global_order_set_change     (IssGlobalOrder        *self,
                                                       IssTransitionKind      change,
                                                       IssEffectiveDate      *date,
                                                       gboolean               held,
                                                       IssStagedFate          staged);
/* whether the roll is armed even where a clock is far off: somebody has said so */
void                  iss_global_order_set_any_clock  (IssGlobalOrder        *self,
                                                       gboolean               any_clock);
gboolean              iss_global_order_has_instant    (IssGlobalOrder        *self);
/* what is in a file; or a certificate that a server has */
void                  iss_global_order_set_material   (IssGlobalOrder        *self,
                                                       IssCertificate        *certificate,
                                                       GPtrArray             *others,
                                                       IssPrivateKey         *key);
void                  iss_global_order_set_holder     (IssGlobalOrder        *self,
                                                       IssServer             *holder,
                                                       GBytes                *sha256);
/* which the change replaces, for that */
void                  iss_global_order_set_compromised (IssGlobalOrder       *self,
                                                       IssCertificate        *certificate);
/* (nullable): tells each server that, once it is decided */
IssJob               *iss_global_order_make_distrust  (IssGlobalOrder        *self)
                                                       G_GNUC_WARN_UNUSED_RESULT;
void                  iss_global_order_set_shell_line (IssGlobalOrder        *self,
                                                       const char            *line);
const char           *iss_global_order_get_shell_line (IssGlobalOrder        *self);

/* NEEDS_CONFIRMATION: with force it is done all the same. Delivery has begun when it finishes. */
void                  iss_global_order_run_async      (IssGlobalOrder        *self,
                                                       gboolean               force,
                                                       GCancellable          *cancellable,
                                                       GAsyncReadyCallback    callback,
                                                       gpointer               user_data);
IssGlobalOutcome     *iss_global_order_run_finish     (IssGlobalOrder        *self,
                                                       GAsyncResult          *result,
                                                       GError               **error)
                                                       G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
