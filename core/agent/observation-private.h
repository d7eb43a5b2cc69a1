/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/observation.h"

G_BEGIN_DECLS

/* What its agent's half (observation-make.c), the wire's (observation-variant.c) and its readers'
 * (observation.c) share. */

#define ISS_OBSERVATION_MAX_NAME 64
#define ISS_OBSERVATION_MAX_TEXT 256
#define ISS_OBSERVATION_MAX_SENTENCE 1024

/**
 * IssObservation:
 *
 * What one server showed of itself at one moment: what each certificate type uses, and how
 * far the certificates that matter have come. Made by the agent, sent whole, never changed.
 */
struct _IssObservation
{
  GObject       parent_instance;

  /* Owned */
  GStringChunk *strings;
  GArray       *types;           /* IssObservedType */
  GArray       *certificates;    /* IssObservedCertificate */
  GHashTable   *by_sha256;       /* GBytes -> index + 1 */

  GHashTable   *readers;         /* GBytes -> accounts that may read its key, of strings */
  GHashTable   *tokens;          /* GBytes -> IssTokenCheck, owned */
  IssObservedReloads *reloads;   /* (nullable) */

  const char   *reconcile_error; /* (nullable): of strings */
  gint64        time;
  gboolean      unattended;      /* no service runs what is due */
};

const char  *iss_observation_keep_text       (IssObservation                *self,
                                              const char                    *text,
                                              gsize                          max_characters);
/* FALSE when it is there already */
gboolean     iss_observation_add_certificate (IssObservation                *self,
                                              const IssObservedCertificate  *certificate);
void         iss_observation_add_readers     (IssObservation                *self,
                                              const guint8                  *sha256,
                                              const char                    *readers);

G_END_DECLS
