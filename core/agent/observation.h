/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/observed-reloads.h"
#include "core/agent/token-check.h"
#include "core/assignment/assignments.h"
#include "core/replication/ladder.h"
#include "core/store/key-file.h"
#include "core/store/properties.h"

G_BEGIN_DECLS

/**
 * IssObservedSlot:
 *
 * One slot as its server showed it. Without a certificate `is_set` is FALSE.
 */
typedef struct
{
  gboolean is_set;
  guint8   sha256[32];
  IssRung  rung;
  gint64   instant;      /* when it became, or will become, current; 0 = none */
} IssObservedSlot;

/**
 * IssObservedType:
 *
 * What one certificate type uses on the server.
 */
typedef struct
{
  const char      *type;       /* name; may be one this program does not know */
  const char      *scope;      /* "local" | "global" */
  guint64          revision;
  guint64          published;  /* revision that live/ shows; 0 = none */
  gboolean         held;       /* the staged one waits to be armed */
  IssObservedSlot  slots[ISS_N_SLOTS];
} IssObservedType;

/**
 * IssObservedCertificate:
 *
 * A certificate of the Personal store that is assigned, whose intent is known,
 * or that was asked about. One that was asked about and is not there has
 * rung %ISS_RUNG_NONE and empty strings.
 */
typedef struct
{
  guint8       sha256[32];
  guint8       sha1[20];
  const char  *issued_to;
  const char  *issued_by;
  const char  *friendly_name;
  const char  *origin;
  gint64       not_before;
  gint64       not_after;
  IssKeyState  key_state;
  IssIntent    intent;
  IssRung      rung;
} IssObservedCertificate;

#define ISS_TYPE_OBSERVATION (iss_observation_get_type ())

/* Everything the console needs to judge one server, seen in one call at one
 * moment. Immutable. */
G_DECLARE_FINAL_TYPE (IssObservation, iss_observation, ISS, OBSERVATION, GObject)

#define ISS_OBSERVATION_MAX_CERTIFICATES 4096
#define ISS_OBSERVATION_MAX_ASKED 256

/* agent; asked: (element-type GBytes) SHA-256 */
IssObservation                *iss_observation_make       (IssRootFolder    *root,
                                                           GPtrArray        *asked,
                                                           gint64            now,
                                                           GError          **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;
/* floating a{sv} */
GVariant                      *iss_observation_to_variant (IssObservation   *self);
/* console: checks everything */
IssObservation                *iss_observation_from_variant (GVariant       *variant,
                                                           GError          **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;

/* the server's clock */
gint64                         iss_observation_get_time   (IssObservation   *self);
gboolean                       iss_observation_is_unattended
                                                          (IssObservation   *self);
/* (nullable): why what is published was not mended */
const char                    *iss_observation_get_reconcile_error (IssObservation *self);
/* agent: before it is sent */
void                           iss_observation_set_reconcile_error (IssObservation *self,
                                                           const char       *message);
guint                          iss_observation_get_n_types (IssObservation  *self);
const IssObservedType         *iss_observation_get_type_at (IssObservation  *self,
                                                           guint             index);
/* (nullable) */
const IssObservedType         *iss_observation_find_type  (IssObservation   *self,
                                                           const char       *type);
guint                          iss_observation_get_n_certificates (IssObservation *self);
const IssObservedCertificate  *iss_observation_get_certificate (IssObservation *self,
                                                           guint             index);
/* (nullable): not looked at */
const IssObservedCertificate  *iss_observation_find_certificate (IssObservation *self,
                                                           const guint8     *sha256);

/* (nullable): "daemon, rtc-service": who may read its key, by permissions */
const char                    *iss_observation_get_readers (IssObservation  *self,
                                                           const guint8     *sha256);

/* of the services that are configured there */
const IssObservedReloads      *iss_observation_get_reloads  (IssObservation  *self);

/* (nullable): what is known of its key, if that is in a token */
const IssTokenCheck           *iss_observation_get_token    (IssObservation  *self,
                                                           const guint8     *sha256);

G_END_DECLS
