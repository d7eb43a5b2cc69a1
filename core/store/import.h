/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"
#include "core/store/properties.h"
#include "core/store/store-name.h"

G_BEGIN_DECLS

/**
 * IssImportOptions:
 *
 * How to import. Everything borrowed.
 */
typedef struct
{
  /* leaf with key or not a CA -> my; self-issued CA -> root; other CA -> ca */
  gboolean      automatic_store;
  IssStoreName  store;             /* for the certificate(s) of interest when not automatic */
  gboolean      exportable;
  IssIntent     intent;            /* UNKNOWN: leave as it is */
  const char   *friendly_name;     /* (nullable): from the file */
  const char   *origin;            /* "manual" */
  gboolean      what_if;
} IssImportOptions;

/**
 * IssImportItem:
 *
 * What became of one certificate of the file.
 */
typedef struct
{
  guint8        sha256[32];
  guint8        sha1[20];
  char         *issued_to;
  gint64        not_after;
  IssStoreName  store;
  gboolean      added;        /* FALSE: it was there already */
  gboolean      has_key;      /* the server holds its key now, and it matches */
  gboolean      key_added;
} IssImportItem;

void        iss_import_item_free  (IssImportItem           *item);

/* The caller holds the writers' lock unless what_if. Judges everything before
 * it touches the disk; key before certificate before properties. */
/* IssImportItem */
GPtrArray  *iss_import_commit     (IssRootFolder           *root,
                                   IssBundle               *bundle,
                                   const IssImportOptions  *options,
                                   GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
