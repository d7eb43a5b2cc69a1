/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/job.h"

G_BEGIN_DECLS

/**
 * IssPoolCopyRequest:
 *
 * Which certificate goes from which server, and how the others take it.
 * Everything borrowed.
 */
typedef struct
{
  IssServer    *holder;
  IssStoreName  store;        /* where it is there */
  GBytes       *sha256;
  gboolean      exportable;   /* its key may be exported from the others later */
  IssIntent     intent;
  gboolean      what_if;
} IssPoolCopyRequest;

/* A certificate with its key and chain from one server to others, without a
 * file: the holder seals it to each. */
IssJob      *iss_pool_copy_new       (GPtrArray                 *servers,
                                      const IssPoolCopyRequest  *request)
                                      G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): what is wrong with the chain on the holder, a sentence */
const char  *iss_pool_copy_get_note  (IssJob                    *job);

G_END_DECLS
